namespace Cascade.Datasets.Reading;

/// <summary>What reading has come to hold, counted as it grows, so that a limit ends reading before the memory does.</summary>
internal sealed class HeldSize(ReadOptions options)
{
    /// <summary>Numbers of an outcome besides its signals.</summary>
    private const int NumbersPerOutcome = 6;

    /// <summary>What a string takes beside its characters, in bytes.</summary>
    private const int StringBytes = 24;

    private readonly Dictionary<string, string> _shared = new(StringComparer.Ordinal);
    private readonly HashSet<string> _models = new(StringComparer.Ordinal);
    private readonly HashSet<string> _signals = new(StringComparer.Ordinal);
    private long _queries;
    private long _features;
    private long _textBytes;

    /// <summary>Which limit is exceeded, and what to do; null when none is.</summary>
    public string? Exceeded { get; private set; }

    public void AddQuery()
    {
        _queries++;
        CheckTable();
    }

    public void AddFeature()
    {
        _features++;
        CheckTable();
    }

    public void AddModel(string name)
    {
        if (_models.Add(name))
        {
            CheckTable();
        }
    }

    public void AddSignal(string name)
    {
        if (_signals.Add(name))
        {
            CheckTable();
        }
    }

    /// <summary>Counts a string that is going to be kept.</summary>
    public string Keep(string text)
    {
        _textBytes += StringBytes + (sizeof(char) * (long)text.Length);
        if (_textBytes > options.MaxTextBytes)
        {
            Exceeded ??= $"brings ids, texts and answers to {_textBytes} bytes, too many to hold; filter, do not map the text, or raise {nameof(ReadOptions.MaxTextBytes)}";
        }

        return text;
    }

    /// <summary>One string for all that are equal to it.</summary>
    public string Share(string text)
    {
        if (!_shared.TryGetValue(text, out var kept))
        {
            kept = Keep(text);
            _shared.Add(kept, kept);
        }

        return kept;
    }

    private void CheckTable()
    {
        var values = (double)_queries * ((Math.Max(1, _models.Count) * (double)(NumbersPerOutcome + _signals.Count)) + _features);
        if (values > options.MaxTableValues)
        {
            Exceeded ??= $"makes a table of {_queries} queries, {_models.Count} models, {_signals.Count} signals and {_features} features, too many numbers to hold; "
                + $"filter, or raise {nameof(ReadOptions.MaxTableValues)}";
        }
    }
}
