using System.Globalization;
using System.Text.Json;
using Cascade.TestKit.Waiting;

namespace Cascade.TestKit.Processes;

/// <summary>The built Cascade.Server in a process of its own, on free ports, which can be killed and started again on the same files.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    private readonly TempDirectory _directory = new();
    private readonly List<string> _earlier = [];
    private readonly string[] _arguments;
    private ChildProcess _process;

    private ServerProcess(ServerSetup setup, int port)
    {
        Setup = setup;
        Address = new Uri($"http://127.0.0.1:{port}");
        DataDirectory = Path.Combine(_directory.Path, "data");
        var config = Path.Combine(_directory.Path, "cascade.json");
        File.WriteAllText(config, JsonSerializer.Serialize(Settings()));
        _arguments = ["--config", config, "--role", setup.Role];
        _process = Launch();
        Http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };
    }

    /// <summary>What it was started with.</summary>
    public ServerSetup Setup { get; }

    /// <summary>Where it listens, without a path.</summary>
    public Uri Address { get; }

    /// <summary>The base address that OpenAI's clients are configured with.</summary>
    public Uri ApiAddress => new(Address, "/v1");

    /// <summary>The folder of the embedded storage.</summary>
    public string DataDirectory { get; }

    /// <summary>A client of the server, without a key.</summary>
    public HttpClient Http { get; }

    /// <summary>The system's number of the process.</summary>
    public int Id => _process.Id;

    /// <summary>Whether the process has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The built program.</summary>
    public static string Assembly
    {
        get
        {
            var configuration = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(configuration.Parent!.Parent!.FullName, "Cascade.Server", configuration.Name, "Cascade.Server.dll");
        }
    }

    /// <summary>Starts a server and waits until it is ready.</summary>
    /// <param name="setup">What it is started with.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">It ended before; the message holds what it said.</exception>
    public static async Task<ServerProcess> StartAsync(ServerSetup setup, CancellationToken cancellationToken)
    {
        var server = Launch(setup);
        try
        {
            await server.WaitUntilReadyAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a server without waiting for anything.</summary>
    /// <param name="setup">What it is started with.</param>
    public static ServerProcess Launch(ServerSetup setup) => new(setup, FreePort.Next());

    /// <summary>Waits until the server calls itself ready.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Eventually.HoldsAsync(async () => HasExited || await IsReadyAsync(cancellationToken), StartPatience, cancellationToken);
        }
        catch (TimeoutException late)
        {
            throw new InvalidOperationException($"The server was not ready within {StartPatience}.\n{Transcript()}", late);
        }

        if (HasExited)
            throw new InvalidOperationException($"The server ended with {await WaitForExitAsync(cancellationToken)}.\n{Transcript()}");
    }

    /// <summary>Whether the server calls itself ready now.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await Http.GetAsync(new Uri("/health/ready", UriKind.Relative), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Ends the server at once, as a crash would (SIGKILL).</summary>
    public Task KillAsync(CancellationToken cancellationToken = default) => _process.KillAsync(cancellationToken);

    /// <summary>Asks the server to end (SIGTERM) and waits until it has.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> TerminateAsync(CancellationToken cancellationToken = default) => _process.TerminateAsync(cancellationToken);

    /// <summary>Waits until the server has ended by itself.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> WaitForExitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>Starts the server again on the same files and ports, killing it first if it runs, and waits until it is ready.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await _process.KillAsync(cancellationToken);
        _earlier.Add(_process.Transcript());
        await _process.DisposeAsync();
        _process = Launch();
        await WaitUntilReadyAsync(cancellationToken);
    }

    /// <summary>Everything the server said, in all its lives.</summary>
    public string Transcript() => string.Join("\n== started again ==\n", [.. _earlier, _process.Transcript()]);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Http.Dispose();
        _directory.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private ChildProcess Launch() => ChildProcess.StartDotnet(Assembly, _arguments, Setup.Environment);

    private SortedDictionary<string, string> Settings()
    {
        var settings = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["Cascade:Http:Urls:0"] = Address.GetLeftPart(UriPartial.Authority),
            ["Cascade:Cluster:SiloPort"] = Text(FreePort.Next()),
            ["Cascade:Cluster:GatewayPort"] = Text(FreePort.Next()),
            ["Cascade:Storage:Mode"] = Setup.RedisConnection is null ? "embedded" : "redis",
            ["Cascade:Storage:DataDirectory"] = DataDirectory,
            ["Cascade:Storage:EmbeddedMemoryMebibytes"] = "64",
            ["Cascade:Storage:EmbeddedAppendLogMebibytes"] = "64",
        };
        if (Setup.RedisConnection is { } redis)
            settings["Cascade:Storage:RedisConnection"] = redis;
        foreach (var (key, value) in Setup.Endpoints.SelectMany(e => e.Settings()).Concat(Setup.Accounts.SelectMany(a => a.Settings())))
            settings[key] = value;
        foreach (var (key, value) in Setup.Settings)
            settings[$"Cascade:{key}"] = value;
        return settings;
    }
}
