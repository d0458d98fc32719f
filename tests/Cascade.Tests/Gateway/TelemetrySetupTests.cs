using Cascade.Grains.Configuration;
using Cascade.Server.Telemetry;
using Microsoft.AspNetCore.Builder;
using OpenTelemetry.Trace;
using Xunit;

namespace Cascade.Tests.Gateway;

public sealed class TelemetrySetupTests
{
    [Theory]
    [InlineData("", false)]
    [InlineData("http://127.0.0.1:4317", true)]
    public void Add_SpansAreMadeOnlyWhereSomethingExportsThem(string endpoint, bool traces)
    {
        var builder = WebApplication.CreateSlimBuilder();

        builder.AddCascadeTelemetry(new TelemetryConfig { OtlpEndpoint = endpoint }, default);

        Assert.Equal(traces, builder.Services.Any(static service => service.ServiceType == typeof(TracerProvider)));
    }
}
