using System.Globalization;

namespace Cascade.Benchmarks.Journal;

/// <summary>What the journal's load generator does.</summary>
internal sealed record JournalLoadOptions
{
    internal const string Usage =
        "journal [--mode strict|batched] [--callers 64] [--seconds 10] [--accounts 1] [--levels 1] [--lease 10000] [--exposure-usd 1] "
        + "[--redis host:port]";

    /// <summary>Whether a call waits for its intent (strict) or runs ahead of it within the exposure (batched).</summary>
    public bool Batched { get; init; }

    public int Callers { get; init; } = 64;

    public int Seconds { get; init; } = 10;

    public int Accounts { get; init; } = 1;

    /// <summary>Leases that pay for each call: the levels of an account path.</summary>
    public int Levels { get; init; } = 1;

    /// <summary>Calls after which a lease is closed and a new one opened.</summary>
    public int Lease { get; init; } = 10_000;

    /// <summary>Upper bounds of intents on their way that a lease may have in batched mode, in nano-dollars.</summary>
    public long ExposureNanos { get; init; } = 1_000_000_000;

    /// <summary>A server that runs already; empty for an embedded one in this process.</summary>
    public string Redis { get; init; } = "";

    internal static JournalLoadOptions Parse(ReadOnlySpan<string> args)
    {
        var options = new JournalLoadOptions();
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            var value = args[i + 1];
            options = args[i] switch
            {
                "--mode" => options with { Batched = value == "batched" || (value == "strict" ? false : throw new ArgumentException(Usage)) },
                "--callers" => options with { Callers = Number(value) },
                "--seconds" => options with { Seconds = Number(value) },
                "--accounts" => options with { Accounts = Number(value) },
                "--levels" => options with { Levels = Number(value) },
                "--lease" => options with { Lease = Number(value) },
                "--exposure-usd" => options with { ExposureNanos = checked(1_000_000_000L * Number(value)) },
                "--redis" => options with { Redis = value },
                _ => throw new ArgumentException(Usage),
            };
        }

        return args.Length % 2 == 0 ? options : throw new ArgumentException(Usage);
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
