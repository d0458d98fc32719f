using System.Security.Cryptography;
using System.Text.Json;
using Cascade.Contracts;

namespace Cascade.Cli.Demo.Preparing;

/// <summary>Writes what a prepared demonstration consists of.</summary>
internal static class DemoFiles
{
    private static readonly JsonSerializerOptions ConfigJson = new() { WriteIndented = true };

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void Write(string folder, DemoPlan plan, Workload workload, string? baseUrl)
    {
        var setup = workload.Setup;
        try
        {
            Directory.CreateDirectory(folder);
            var keys = plan.Tenants.ToDictionary(
                tenant => tenant.Name, _ => ApiKeys.Generate(RandomNumberGenerator.GetBytes(ApiKeys.EntropyBytes)), StringComparer.Ordinal);
            WriteKeys(Path.Combine(folder, DemoPlan.KeysFileName), keys);
            File.WriteAllText(Path.Combine(folder, DemoPlan.ServerFileName), ServerJson(plan, setup, keys, baseUrl));
            File.WriteAllText(Path.Combine(folder, DemoPlan.QuestionFileName), QuestionJson(workload));
            File.WriteAllText(Path.Combine(folder, DemoPlan.FileName), JsonSerializer.Serialize(plan, CliJson.Options));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.NoInput, $"--data: '{folder}' cannot be written ({problem.Message}); give a folder of yours", problem);
        }
    }

    /// <summary>What is added to the server's configuration: the accounts, with hashes of keys only, and where a provider is.</summary>
    internal static string ServerJson(DemoPlan plan, DemoSetup setup, IReadOnlyDictionary<string, string> keys, string? baseUrl) => JsonSerializer.Serialize(
        new
        {
            Cascade = new
            {
                Accounts = plan.Tenants.ToDictionary(tenant => tenant.Name, tenant => new
                {
                    Caps = new[] { new { Window = "total", LimitUsd = Usd.Exact(tenant.CapNanos) } },
                    ExpectedRequests = plan.Questions,
                    KeyHashes = new[] { ApiKeys.Hash(keys[tenant.Name]) },
                }),
                Endpoints = string.IsNullOrEmpty(baseUrl) ? [] : setup.OpenAiEndpoints.ToDictionary(name => name, _ => new { BaseUrl = baseUrl }),
            },
        },
        ConfigJson);

    private static string QuestionJson(Workload workload) => JsonSerializer.Serialize(
        new { model = DemoSetup.Route, messages = new[] { new { role = "user", content = workload.Questions[0].Prompt } } },
        CliJson.Options);

    private static void WriteKeys(string path, Dictionary<string, string> keys)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            // Set at creation: a file that is closed to others only afterwards can be read in between.
            options.UnixCreateMode = OwnerOnly;
        }

        using var writer = new StreamWriter(path, options);
        foreach (var (tenant, key) in keys)
        {
            writer.Write($"{DemoPlan.VariableOf(tenant)}={key}\n");
        }
    }
}
