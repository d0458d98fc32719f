using System.Collections.Immutable;
using Cascade.Contracts;

namespace Cascade.Grains.Endpoints;

/// <summary>
/// Keeps an endpoint's calls within its limits in every 60 seconds, whatever silos do. A grant counts in full from when it is given until a
/// window after the last moment it can be used. So for any window, when the last grant that reaches into it was given, every other grant that
/// reaches into it was still counted. Reports only replace what was granted by what was used. Pure.
/// </summary>
internal static class RateBook
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // Buckets bound the stored document; a coarser one counts a call at most this much longer.
    private static readonly TimeSpan BucketWidth = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a call counts after it was started.</summary>
    public static TimeSpan Window(TimeSpan slack) => Minute + slack;

    /// <summary>What counts now.</summary>
    public static (long Requests, long Tokens) Counted(EndpointRecord record)
    {
        var (requests, tokens) = (0L, 0L);
        foreach (var bucket in record.Started)
        {
            (requests, tokens) = (requests + bucket.Requests, tokens + bucket.Tokens);
        }

        foreach (var grant in record.Slices.Values.SelectMany(static slice => slice.Grants))
        {
            (requests, tokens) = (requests + grant.Requests, tokens + grant.Tokens);
        }

        return (requests, tokens);
    }

    /// <summary>When the first of what counts stops counting; null when nothing counts.</summary>
    public static DateTimeOffset? FirstEnd(EndpointRecord record, TimeSpan window)
    {
        DateTimeOffset? first = null;
        foreach (var at in record.Started.Select(static b => b.EndsAt).Concat(record.Slices.Values.SelectMany(static s => s.Grants).Select(static g => g.EndsAt)))
        {
            first = first is { } known && known <= at ? known : at;
        }

        return first + window;
    }

    /// <summary>Lets go of what stopped counting.</summary>
    public static EndpointRecord Prune(EndpointRecord record, DateTimeOffset now, TimeSpan window)
    {
        if (record.Started.Any(b => b.EndsAt + window <= now))
        {
            record = record with { Started = record.Started.RemoveAll(b => b.EndsAt + window <= now) };
        }

        foreach (var (holder, slice) in record.Slices)
        {
            if (slice.Grants.Any(g => g.EndsAt + window <= now))
            {
                record = record with
                {
                    Slices = record.Slices.SetItem(holder, slice with { Grants = slice.Grants.RemoveAll(g => g.EndsAt + window <= now) }),
                };
            }
        }

        return record;
    }

    /// <summary>Replaces what a holder was granted by what it says it used. A grant that is reported is used no further.</summary>
    public static EndpointRecord Report(EndpointRecord record, string holder, ImmutableArray<RateUse> uses, DateTimeOffset now)
    {
        if (uses.IsEmpty || !record.Slices.TryGetValue(holder, out var slice))
        {
            return record;
        }

        foreach (var use in uses)
        {
            var index = slice.Grants.FindIndex(use.Grant);
            if (index < 0)
            {
                continue;
            }

            var grant = slice.Grants[index];
            var used = grant with
            {
                Requests = Math.Max(0, use.Requests),
                Tokens = Math.Max(0, use.Tokens),
                EndsAt = grant.EndsAt < now ? grant.EndsAt : now,
            };
            if (use.Final)
            {
                record = Keep(record, used);
                slice = slice with { Grants = slice.Grants.RemoveAt(index) };
            }
            else
            {
                slice = slice with { Grants = slice.Grants.SetItem(index, used) };
            }
        }

        return record with { Slices = record.Slices.SetItem(holder, slice) };
    }

    /// <summary>Keeps the grants of a holder that is gone, in full: nobody knows what it used.</summary>
    public static EndpointRecord Orphan(EndpointRecord record, SliceRecord slice) => slice.Grants.Aggregate(record, Keep);

    private static EndpointRecord Keep(EndpointRecord record, GrantRecord grant)
    {
        if (grant.Requests == 0 && grant.Tokens == 0)
        {
            return record;
        }

        var ends = new DateTimeOffset((grant.EndsAt.UtcTicks + BucketWidth.Ticks - 1) / BucketWidth.Ticks * BucketWidth.Ticks, TimeSpan.Zero);
        for (var i = record.Started.Length - 1; i >= 0; i--)
        {
            var bucket = record.Started[i];
            if (bucket.EndsAt == ends)
            {
                bucket = bucket with { Requests = bucket.Requests + grant.Requests, Tokens = bucket.Tokens + grant.Tokens };
                return record with { Started = record.Started.SetItem(i, bucket) };
            }
        }

        return record with { Started = record.Started.Add(new RateBucket { EndsAt = ends, Requests = grant.Requests, Tokens = grant.Tokens }) };
    }

    private static int FindIndex(this ImmutableArray<GrantRecord> grants, long id)
    {
        for (var i = 0; i < grants.Length; i++)
        {
            if (grants[i].Id == id)
            {
                return i;
            }
        }

        return -1;
    }
}
