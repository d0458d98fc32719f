using System.CommandLine;
using Cascade.Cli.Ledgers;
using Cascade.Storage;

namespace Cascade.Cli.Commands;

/// <summary>Where a cluster keeps its state, for commands that read it there.</summary>
internal sealed class StorageOptions
{
    public const string RedisVariable = "CASCADE_REDIS";

    public Option<string> Redis { get; } = new("--redis")
    {
        Description = $"The storage server, as the server's Storage:RedisConnection. Default: ${RedisVariable}, which keeps a password out of the list of processes.",
        HelpName = "CONNECTION",
    };

    public Option<string> Data { get; } = new("--data")
    {
        Description = "The folder of an embedded storage server (Storage:DataDirectory) whose cluster is stopped.",
        HelpName = "FOLDER",
    };

    public Option<string> Service { get; } = CommonOptions.Text("--service-id", "NAME", "The server's Storage:ServiceId.", "cascade");

    public void AddTo(Command command)
    {
        command.Add(Redis);
        command.Add(Data);
        command.Add(Service);
        command.Validators.Add(result =>
        {
            if (result.ValueOrDefault(Redis) is not null && result.ValueOrDefault(Data) is not null)
            {
                result.AddError("--redis and --data exclude each other; give one of them");
            }
        });
    }

    public StorageConfig ConfigOf(ParseResult parsed)
    {
        var service = parsed.GetRequiredValue(Service);
        if (parsed.GetValue(Data) is { } folder)
        {
            return Directory.Exists(folder)
                ? new StorageConfig { Mode = StorageMode.Embedded, DataDirectory = folder, ServiceId = service }
                : throw new CliException(ExitCodes.NoInput, $"--data: there is no folder '{folder}'; give the server's Storage:DataDirectory");
        }

        var redis = parsed.GetValue(Redis) ?? Environment.GetEnvironmentVariable(RedisVariable);
        return string.IsNullOrWhiteSpace(redis)
            ? throw new CliException(
                ExitCodes.BadUsage, $"--redis or --data is missing; give --redis HOST:PORT, set the variable {RedisVariable}, or give --data FOLDER of a stopped server")
            : new StorageConfig { Mode = StorageMode.Redis, RedisConnection = redis, ServiceId = service };
    }

    public Task<LedgerSource> OpenAsync(ParseResult parsed, CliHost host, CancellationToken cancellationToken) =>
        LedgerSource.OpenAsync(ConfigOf(parsed), host, cancellationToken);
}
