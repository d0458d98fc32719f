using Cascade.Storage;

namespace Cascade.Server.Hosting;

/// <summary>The life of the process: check everything, start storage, run the host, stop storage.</summary>
internal static class ServerProgram
{
    public const int Done = 0;

    /// <summary>The command line is not understood (EX_USAGE of sysexits).</summary>
    public const int BadUsage = 64;

    /// <summary>The configuration is wrong (EX_CONFIG of sysexits); starting again without changing it cannot help.</summary>
    public const int BadConfiguration = 78;

    /// <summary>
    /// Something outside is not as it must be: a port, the data directory, the storage server (EX_UNAVAILABLE of sysexits). Starting
    /// again may help.
    /// </summary>
    public const int Unavailable = 69;

    public static async Task<int> RunAsync(string[] args, TextWriter errors, CancellationToken cancellationToken)
    {
        if (ServerArguments.Parse(args, out var misuse) is not { } arguments)
        {
            await errors.WriteLineAsync($"{misuse}\n{ServerArguments.Usage}");
            return BadUsage;
        }

        await using var bootstrap = ServerPlan.Bootstrap();
        var problems = new List<string>();
        if (ServerPlan.Make(arguments, bootstrap, problems) is not { } plan)
        {
            await WriteAsync(errors, $"the configuration has {problems.Count} problem(s):", problems);
            return BadConfiguration;
        }

        if (arguments.CheckOnly)
        {
            return Done;
        }

        var missing = await StartChecks.FindProblemsAsync(plan);
        if (missing.Count > 0)
        {
            await WriteAsync(errors, $"the server cannot start for {missing.Count} reason(s):", missing);
            return Unavailable;
        }

        return await ServeAsync(plan, bootstrap.GetRequiredService<ILoggerFactory>(), errors, cancellationToken);
    }

    private static async Task<int> ServeAsync(ServerPlan plan, ILoggerFactory loggers, TextWriter errors, CancellationToken cancellationToken)
    {
        EmbeddedRedis? embedded = null;
        try
        {
            if (plan.HasSilo && plan.Config.Storage.Mode == StorageMode.Embedded)
            {
                embedded = await EmbeddedRedis.StartAsync(plan.Config.Storage, loggers, cancellationToken);
            }
        }
        catch (InvalidOperationException unusable)
        {
            await WriteAsync(errors, "the server cannot start for 1 reason(s):", [unusable.Message]);
            return Unavailable;
        }

        // Storage outlives the host on both sides: silos write until their last moment.
        await using (embedded)
        {
            var storage = embedded?.Connect(plan.Config.Storage) ?? plan.Config.Storage;
            await using var app = ServerHost.Build(plan, storage);
            try
            {
                await app.StartAsync(cancellationToken);
            }
            catch (OrleansException unreachable) when (!plan.HasSilo)
            {
                await WriteAsync(
                    errors,
                    "the server cannot start for 1 reason(s):",
                    [$"no silo of the cluster takes connections ({unreachable.GetType().Name}); start a silo first, or correct Cascade:Storage"]);
                return Unavailable;
            }

            await app.WaitForShutdownAsync(cancellationToken);
        }

        return Done;
    }

    private static async Task WriteAsync(TextWriter errors, string head, IEnumerable<string> problems)
    {
        await errors.WriteLineAsync(head);
        foreach (var problem in problems)
        {
            await errors.WriteLineAsync($"  {problem}");
        }
    }
}
