using Cascade.TestKit.Processes;
using Xunit;

namespace Cascade.Integration.Tests.Gateway;

/// <summary>Shows what servers said, when the test that used them failed.</summary>
internal static class FailureLog
{
    public static void Show(params IEnumerable<ServerProcess> servers)
    {
        if (TestContext.Current.TestState?.Result != TestResult.Failed)
            return;
        foreach (var server in servers)
            TestContext.Current.TestOutputHelper?.WriteLine($"== {server.Setup.Role} at {server.Address} ==\n{Tail(server.Transcript())}");
    }

    private static string Tail(string text) => text.Length <= 20_000 ? text : text[^20_000..];
}
