using System.Globalization;

namespace Cascade.Benchmarks.Streams;

/// <summary>What the load generator of streams does.</summary>
internal sealed record StreamsOptions
{
    internal const string Usage = "streams [--streams 1000] [--chunks 100] [--interval-ms 100] [--idle-seconds 5] [--held 1]";

    /// <summary>Streams that are open at once.</summary>
    public int Streams { get; init; } = 1_000;

    /// <summary>Parts of each answer.</summary>
    public int Chunks { get; init; } = 100;

    /// <summary>Time between two parts at the provider.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long open streams lie idle before the memory is read; 0 leaves that measurement out.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After how many parts open streams lie idle.</summary>
    public int Held { get; init; } = 1;

    internal static StreamsOptions Parse(ReadOnlySpan<string> args)
    {
        var options = new StreamsOptions();
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            var value = int.Parse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture);
            options = args[i] switch
            {
                "--streams" => options with { Streams = value },
                "--chunks" => options with { Chunks = value },
                "--interval-ms" => options with { Interval = TimeSpan.FromMilliseconds(value) },
                "--idle-seconds" => options with { Idle = TimeSpan.FromSeconds(value) },
                "--held" => options with { Held = value },
                _ => throw new ArgumentException(Usage),
            };
        }

        return args.Length % 2 == 0 && options is { Streams: > 0, Chunks: > 1, Held: > 0 } && options.Held <= options.Chunks ? options : throw new ArgumentException(Usage);
    }
}
