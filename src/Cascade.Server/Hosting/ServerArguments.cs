using System.Collections.Immutable;

namespace Cascade.Server.Hosting;

/// <summary>Which parts of the cluster a process carries.</summary>
internal enum ServerRole
{
    /// <summary>Never valid.</summary>
    None = 0,

    /// <summary>A silo with the HTTP gateway in the same process.</summary>
    All = 1,

    /// <summary>A silo; HTTP serves health and metrics only.</summary>
    Silo = 2,

    /// <summary>The HTTP gateway, an Orleans client of silos elsewhere.</summary>
    Gateway = 3,
}

/// <summary>The command line.</summary>
internal sealed record ServerArguments
{
    public const string Usage =
        "usage: cascade-server [--config FILE]... [--role all|silo|gateway] [--check] [--Cascade:KEY=VALUE]...";

    public required ServerRole Role { get; init; }

    public required ImmutableArray<string> ConfigFiles { get; init; }

    /// <summary>Whether to check the configuration and stop.</summary>
    public required bool CheckOnly { get; init; }

    /// <summary>Single settings, in the form the command-line configuration source reads.</summary>
    public required ImmutableArray<string> Settings { get; init; }

    public static ServerArguments? Parse(IReadOnlyList<string> args, out string problem)
    {
        var files = ImmutableArray.CreateBuilder<string>();
        var settings = ImmutableArray.CreateBuilder<string>();
        var role = ServerRole.All;
        var check = false;
        problem = "";
        for (var i = 0; i < args.Count && problem.Length == 0; i++)
        {
            var (name, value) = Split(args, ref i);
            switch (name)
            {
                case "--config" when value is { Length: > 0 }:
                    files.Add(value);
                    break;
                case "--role" when ParseRole(value) is var parsed and not ServerRole.None:
                    role = parsed;
                    break;
                case "--check" when value is null:
                    check = true;
                    break;
                case "--config" or "--role" or "--check":
                    problem = $"{name} has no usable value";
                    break;
                case var key when key.StartsWith("--", StringComparison.Ordinal) && key.Contains(':', StringComparison.Ordinal) && value is not null:
                    settings.Add($"{key}={value}");
                    break;
                default:
                    problem = $"'{args[i]}' is not understood";
                    break;
            }
        }

        return problem.Length > 0 ? null : new ServerArguments
        {
            Role = role,
            ConfigFiles = files.DrainToImmutable(),
            CheckOnly = check,
            Settings = settings.DrainToImmutable(),
        };
    }

    private static (string Name, string? Value) Split(IReadOnlyList<string> args, ref int index)
    {
        var equals = args[index].IndexOf('=', StringComparison.Ordinal);
        if (equals >= 0)
        {
            return (args[index][..equals], args[index][(equals + 1)..]);
        }

        var hasNext = index + 1 < args.Count && !args[index + 1].StartsWith("--", StringComparison.Ordinal);
        return hasNext ? (args[index], args[++index]) : (args[index], null);
    }

    private static ServerRole ParseRole(string? text) => text switch
    {
        "all" => ServerRole.All,
        "silo" => ServerRole.Silo,
        "gateway" => ServerRole.Gateway,
        _ => ServerRole.None,
    };
}
