using System.Text.Json;

namespace Cascade.Cli.Demo;

/// <summary>One tenant of the demonstration.</summary>
internal sealed record DemoTenant(string Name, long CapNanos);

/// <summary>What <c>demo prepare</c> decided and <c>demo run</c> carries out. Holds no key.</summary>
internal sealed record DemoPlan
{
    public const string Rich = "rich";
    public const string Tight = "tight";
    public const string RunsOut = "runs-out";

    public const string FileName = "plan.json";
    public const string ServerFileName = "server.json";
    public const string KeysFileName = "keys";

    /// <summary>The body of one request, to try the gateway by hand with.</summary>
    public const string QuestionFileName = "question.json";

    public required DemoSource Source { get; init; }

    /// <summary>The server's configuration file.</summary>
    public required string Config { get; init; }

    public required int Questions { get; init; }

    public required IReadOnlyList<DemoTenant> Tenants { get; init; }

    public static DemoPlan Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            return JsonSerializer.Deserialize<DemoPlan>(File.ReadAllText(path), CliJson.Options) ?? throw new JsonException("it is null");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new CliException(
                ExitCodes.NoInput, $"--data: '{path}' cannot be read ({problem.Message}); run 'cascade demo prepare --data {folder}' first", problem);
        }
    }

    /// <summary>The keys of the tenants, by tenant: lines of the form <c>CASCADE_KEY_RICH=csk-…</c>, so that a shell can read them too.</summary>
    public static IReadOnlyDictionary<string, string> ReadKeys(string folder, IEnumerable<DemoTenant> tenants)
    {
        var path = Path.Combine(folder, KeysFileName);
        try
        {
            var lines = File.ReadAllLines(path).Select(line => line.Split('=', 2)).Where(parts => parts.Length == 2)
                .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
            return tenants.ToDictionary(tenant => tenant.Name, tenant => lines[VariableOf(tenant.Name)], StringComparer.Ordinal);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or KeyNotFoundException)
        {
            throw new CliException(
                ExitCodes.NoInput, $"--data: '{path}' does not hold the tenants' keys; run 'cascade demo prepare --data {folder}' again", problem);
        }
    }

    public static string VariableOf(string tenant) => "CASCADE_KEY_" + tenant.Replace('-', '_').ToUpperInvariant();
}
