using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Cascade.TestKit.Processes;
using Xunit;

namespace Cascade.Integration.Tests.Gateway;

/// <summary>A server that cannot start says why in a line, and how to repair it.</summary>
public sealed class FailedStartTests
{
    private const int Unavailable = 69;
    private const int BadConfiguration = 78;

    private static readonly ServerSetup Sound = new() { Endpoints = [new ServerEndpoint("stub/model", "model-1", "http://127.0.0.1:1/v1")] };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_UnknownKey_NamesItAndSuggestsAnother()
    {
        var said = await FailAsync(BadConfiguration, new() { ["Http:MaxBodyByte"] = "5000" });

        Assert.Contains("Cascade:Http:MaxBodyByte is no known key", said);
        Assert.Contains("did you mean 'MaxBodyBytes'?", said);
    }

    [Theory]
    [InlineData("all")]
    [InlineData("gateway")]
    public async Task Start_NoServerAtTheStorageAddress_NamesKeyAndAddress(string role)
    {
        var nobody = $"127.0.0.1:{FreePort.Next()}";

        var said = await FailAsync(Unavailable, new() { ["Storage:RedisConnection"] = nobody + ",password=secret", ["Storage:Mode"] = "redis" }, role);

        Assert.Contains($"Cascade:Storage:RedisConnection: no server takes connections at '{nobody}'", said);
        Assert.DoesNotContain("secret", said);
    }

    [Theory]
    [InlineData("Http:Urls:0", "http://127.0.0.1:{0}")]
    [InlineData("Cluster:SiloPort", "{0}")]
    [InlineData("Cluster:GatewayPort", "{0}")]
    [InlineData("Telemetry:MetricsPort", "{0}")]
    public async Task Start_PortInUse_NamesKeyAndPort(string key, string value)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var said = await FailAsync(Unavailable, new() { [key] = string.Format(CultureInfo.InvariantCulture, value, port) });

        Assert.Contains($"Cascade:{key}: 127.0.0.1:{port} is in use by another process", said);
    }

    [Fact]
    public async Task Start_DataDirectoryInUse_NamesKeyAndTheOtherProcess()
    {
        await using var first = await ServerProcess.StartAsync(Sound, Token);

        var said = await FailAsync(Unavailable, new() { ["Storage:DataDirectory"] = first.DataDirectory });

        Assert.Contains($"DataDirectory '{first.DataDirectory}' is in use by process {first.Id}", said);
        Assert.Contains("Cascade:Storage:DataDirectory", said);
        Assert.True(await first.IsReadyAsync(Token));
    }

    private static async Task<string> FailAsync(int exitCode, Dictionary<string, string> settings, string role = "all")
    {
        await using var server = ServerProcess.Launch(Sound with { Role = role, Settings = settings });
        Assert.Equal(exitCode, await server.WaitForExitAsync(Token).WaitAsync(TimeSpan.FromSeconds(30), Token));
        var said = server.Transcript();
        Assert.DoesNotContain("   at ", said);
        return said;
    }
}
