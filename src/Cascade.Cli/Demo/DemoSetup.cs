using System.Text.Json;
using System.Text.Json.Serialization;
using Cascade.Providers;

namespace Cascade.Cli.Demo;

/// <summary>One endpoint of the server's configuration.</summary>
internal sealed record DemoEndpoint(string Name, EndpointConfig Config);

/// <summary>What the demonstration knows of the server's configuration: the pair of models, the judge's second model, and their prices.</summary>
internal sealed record DemoSetup
{
    /// <summary>The route that is asked.</summary>
    public const string Route = "cascade";

    private static readonly JsonSerializerOptions ConfigJson = new() { NumberHandling = JsonNumberHandling.AllowReadingFromString };

    public required DemoEndpoint Cheap { get; init; }

    public required DemoEndpoint Judge { get; init; }

    public required DemoEndpoint Strong { get; init; }

    /// <summary>Names of the endpoints that reach a provider over the network.</summary>
    public required IReadOnlyList<string> OpenAiEndpoints { get; init; }

    /// <summary>Reads a configuration file of the server.</summary>
    /// <exception cref="CliException">The file is not there, or is no configuration that the demonstration can use.</exception>
    public static DemoSetup Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path));
            var root = document.RootElement.GetProperty("Cascade");
            var route = root.GetProperty("Routes").GetProperty(Route);
            var endpoints = root.GetProperty("Endpoints").Deserialize<Dictionary<string, EndpointConfig>>(ConfigJson)!;
            var stages = route.GetProperty("Stages").EnumerateArray().Select(stage => stage.GetString() ?? "").ToArray();
            return new DemoSetup
            {
                Cheap = Priced(stages[0], endpoints),
                Strong = Priced(stages[1], endpoints),
                Judge = Priced(JudgeOf(route.GetProperty("Verifier")) ?? throw new KeyNotFoundException("a Verifier with an Endpoint"), endpoints),
                OpenAiEndpoints = [.. endpoints.Where(pair => pair.Value.Provider == ProviderKinds.OpenAi).Select(pair => pair.Key)],
            };
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.NoInput, $"--config: '{path}' cannot be read ({problem.Message}); give one of deploy/demo/*.json", problem);
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
        {
            throw new CliException(
                ExitCodes.NoInput,
                $"--config: '{path}' is no configuration of the demonstration ({problem.Message}); it needs the route '{Route}' with two priced stages "
                + "and a judge that asks an endpoint, as in deploy/demo/*.json",
                problem);
        }
    }

    private static DemoEndpoint Priced(string name, Dictionary<string, EndpointConfig> endpoints) =>
        endpoints.TryGetValue(name, out var config) && config.ToPriceList() is not null
            ? new DemoEndpoint(name, config)
            : throw new KeyNotFoundException($"a priced endpoint '{name}'");

    private static string? JudgeOf(JsonElement verifier)
    {
        if (verifier.TryGetProperty("Endpoint", out var endpoint))
        {
            return endpoint.GetString();
        }

        return verifier.TryGetProperty("Parts", out var parts) ? parts.EnumerateArray().Select(JudgeOf).FirstOrDefault(name => name is not null) : null;
    }
}
