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
            await errors.WriteLineAsync($"the configuration has {problems.Count} problem(s):");
            foreach (var problem in problems)
            {
                await errors.WriteLineAsync($"  {problem}");
            }

            return BadConfiguration;
        }

        if (!arguments.CheckOnly)
        {
            await ServeAsync(plan, bootstrap.GetRequiredService<ILoggerFactory>(), cancellationToken);
        }

        return Done;
    }

    private static async Task ServeAsync(ServerPlan plan, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        // Storage outlives the host on both sides: silos write until their last moment.
        await using var embedded = plan.HasSilo && plan.Config.Storage.Mode == StorageMode.Embedded
            ? await EmbeddedRedis.StartAsync(plan.Config.Storage, loggers, cancellationToken)
            : null;
        var storage = embedded?.Connect(plan.Config.Storage) ?? plan.Config.Storage;
        await using var app = ServerHost.Build(plan, storage);
        await app.RunAsync(cancellationToken);
    }
}
