using System.Globalization;

namespace Cascade.Simulation.Core;

/// <summary>What happened, as a hash of every event in order and, when asked for, as text. Not thread-safe.</summary>
internal sealed class SimTrace(bool keepLines)
{
    private const ulong Prime = 1099511628211UL;

    private readonly List<string> _lines = [];

    /// <summary>The same for two runs exactly when the same things happened in the same order.</summary>
    public ulong Hash { get; private set; } = 14695981039346656037UL;

    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Notes an event.</summary>
    /// <param name="at">The true time.</param>
    /// <param name="what">What kind of event.</param>
    /// <param name="who">Whom it concerns.</param>
    /// <param name="detail">What else tells it from others.</param>
    /// <param name="amount">An amount that belongs to it.</param>
    public void Note(TimeSpan at, string what, string who, string detail = "", long amount = 0)
    {
        Mix((ulong)at.Ticks);
        Mix(what);
        Mix(who);
        Mix(detail);
        Mix((ulong)amount);
        if (keepLines)
        {
            var sum = amount == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" {amount}");
            _lines.Add(string.Create(CultureInfo.InvariantCulture, $"{at.TotalSeconds,10:0.000} {what} {who} {detail}{sum}"));
        }
    }

    private void Mix(string text)
    {
        foreach (var letter in text)
        {
            Hash = (Hash ^ letter) * Prime;
        }
    }

    private void Mix(ulong value) => Hash = (Hash ^ value) * Prime;
}
