using System.Collections.Frozen;
using Cascade.Contracts;
using Cascade.Grains.Configuration;
using Cascade.Grains.Model;
using Cascade.Providers;
using Cascade.Providers.Calling;
using Cascade.Storage;

namespace Cascade.Server.Hosting;

/// <summary>A checked configuration and what one process makes of it.</summary>
internal sealed record ServerPlan
{
    public required ServerRole Role { get; init; }

    public required IConfigurationRoot Configuration { get; init; }

    public required CascadeConfig Config { get; init; }

    /// <summary>What the silo serves; null in a process without a silo.</summary>
    public required ClusterModel? Model { get; init; }

    public required FrozenDictionary<string, AccountId> AccountsByKeyHash { get; init; }

    public bool HasSilo => Role is ServerRole.All or ServerRole.Silo;

    public bool HasGateway => Role is ServerRole.All or ServerRole.Gateway;

    /// <returns>The plan, or null with everything that is wrong.</returns>
    public static ServerPlan? Make(ServerArguments arguments, IServiceProvider bootstrap, List<string> problems)
    {
        if (ServerConfiguration.Load(arguments, problems) is not { } configuration)
        {
            return null;
        }

        var reading = CascadeConfigReader.Read(configuration);
        problems.AddRange(reading.Problems);
        var callers = arguments.Role == ServerRole.Gateway ? null : bootstrap.GetRequiredService<IModelCallerFactory>();
        var result = ClusterModelBuilder.Build(
            reading.Config, callers, bootstrap.GetRequiredService<TimeProvider>(), bootstrap.GetRequiredService<ILoggerFactory>());
        problems.AddRange(result.Problems);
        problems.AddRange(RoleProblems(arguments.Role, reading.Config.Storage));
        return problems.Count > 0 ? null : new ServerPlan
        {
            Role = arguments.Role,
            Configuration = configuration,
            Config = reading.Config,
            Model = result.Model,
            AccountsByKeyHash = result.AccountsByKeyHash,
        };
    }

    /// <summary>What is needed before there is a host: callers of models, and somewhere to log.</summary>
    public static ServiceProvider Bootstrap() =>
        new ServiceCollection().AddLogging(ServerLogging.Configure).AddHttpClient().AddCascadeProviders().BuildServiceProvider();

    private static IEnumerable<string> RoleProblems(ServerRole role, StorageConfig storage)
    {
        if (role == ServerRole.Gateway && storage.Mode != StorageMode.Redis)
        {
            yield return "Cascade:Storage:Mode must be redis with --role gateway, because other modes keep the cluster inside one process; "
                + "set it, or use --role all";
        }
    }
}
