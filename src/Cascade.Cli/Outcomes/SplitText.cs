using System.Globalization;
using Cascade.Planning.Frontier;
using Cascade.Planning.Outcomes;

namespace Cascade.Cli.Outcomes;

/// <summary>
/// How queries are divided: two shares, to fit and to choose on, or the publisher's own parts. What a publisher meant for fitting is divided by
/// the two shares among themselves. A publisher's part for fitting that is below <see cref="LeastPublishedShare"/> of the queries is too small to
/// fit and to choose on both, and all queries are divided by the shares.
/// </summary>
/// <param name="FitShare">Share to fit on.</param>
/// <param name="ChooseShare">Share to choose on.</param>
/// <param name="FollowsPublisher">Whether published parts are followed where there are some.</param>
internal sealed record SplitText(double FitShare, double ChooseShare, bool FollowsPublisher)
{
    public const string Published = "published";

    /// <summary>
    /// With less, the rows to choose on would be a seventh of all where the default gives three tenths, and what is chosen on them is mostly chance.
    /// </summary>
    public const double LeastPublishedShare = 1.0 / 3;

    public static SplitText Default { get; } = new(0.4, 0.3, true);

    public static bool TryParse(string text, out SplitText split)
    {
        split = Default;
        if (text == Published)
        {
            return true;
        }

        var parts = text.Split(',');
        if (parts.Length != 2
            || !double.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var fit)
            || !double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var choose)
            || !(fit > 0) || !(choose > 0) || !(fit + choose < 1))
        {
            return false;
        }

        split = new SplitText(fit, choose, false);
        return true;
    }

    public static string SaltOf(ulong seed) => $"split/{seed.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Whether a table is divided as its publisher did.</summary>
    public bool Follows(OutcomeTable table, (string Fit, string Report)? published) =>
        FollowsPublisher && published is { } parts && PublishedRows(table, parts.Fit) >= LeastPublishedShare * table.RowCount;

    /// <summary>Why a table is not divided as its publisher did; null when it is, or there is nothing to say.</summary>
    public string? NoteOn(OutcomeTable table, (string Fit, string Report)? published) =>
        FollowsPublisher && published is { } parts && !Follows(table, published)
            ? $"The publisher's part for fitting has {Numbers.Count(PublishedRows(table, parts.Fit))} of {Numbers.Count(table.RowCount)} queries, too few to fit and to choose on "
                + "both, so all queries are divided by a hash of their texts"
            : null;

    private static int PublishedRows(OutcomeTable table, string part) => table.Queries.Count(q => q.PublishedSplit == part);

    public OutcomeSplit Of(OutcomeTable table, (string Fit, string Report)? published, ulong seed)
    {
        var salt = SaltOf(seed);
        if (!Follows(table, published) || published is not { } parts)
        {
            return OutcomeSplit.Of(table, FitShare, ChooseShare, salt);
        }

        var (fit, choose, report) = (new List<int>(), new List<int>(), new List<int>());
        for (var row = 0; row < table.RowCount; row++)
        {
            var query = table.Queries[row];
            if (query.PublishedSplit == parts.Report)
            {
                report.Add(row);
            }
            else if (query.PublishedSplit == parts.Fit)
            {
                (StableMix.Unit(query.Text ?? query.Id, salt) < FitShare / (FitShare + ChooseShare) ? fit : choose).Add(row);
            }
        }

        return new OutcomeSplit([.. fit], [.. choose], [.. report]);
    }
}
