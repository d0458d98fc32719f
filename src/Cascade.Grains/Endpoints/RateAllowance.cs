using System.Collections.Immutable;
using Cascade.Contracts;

namespace Cascade.Grains.Endpoints;

/// <summary>A rate grant as its silo uses it.</summary>
internal sealed class RateAllowance(RateGrant grant, long expires)
{
    private long _requests;
    private long _tokens;
    private int _open;
    private int _version;
    private int _reported = -1;

    public long Id => grant.Id;

    /// <summary>Nothing is started under it any more.</summary>
    public bool IsEnded { get; private set; }

    public long RequestsLeft => grant.Requests - _requests;

    /// <summary>Whether every call under it has ended and the grain knows.</summary>
    public bool IsDone => IsEnded && _open == 0 && _reported == _version;

    /// <summary>Whether the grain must still hear of it.</summary>
    public bool IsNews => IsEnded && _reported != _version;

    public int Version => _version;

    public bool CanTake(long tokens, long now) => !IsEnded && now < expires && RequestsLeft > 0 && grant.Tokens - _tokens >= tokens;

    public void Take(long tokens)
    {
        _requests++;
        _tokens += tokens;
        _open++;
    }

    /// <summary>A call ended; what it really used replaces the estimate.</summary>
    public void End(long estimate, long used)
    {
        _open--;
        _tokens = Math.Max(0, _tokens - estimate + used);
        _version++;
    }

    /// <summary>A call was not sent after all.</summary>
    public void PutBack(long tokens)
    {
        _open--;
        _requests--;
        _tokens = Math.Max(0, _tokens - tokens);
        _version++;
    }

    /// <summary>Ends it when it is used up, when its time is over, or when what is left is of no use.</summary>
    public void EndIf(bool useless, long now) => IsEnded |= useless || now >= expires || RequestsLeft <= 0;

    public RateUse Report() => new() { Grant = grant.Id, Requests = _requests, Tokens = _tokens, Final = _open == 0 };

    public void Reported(int version) => _reported = version;
}

/// <summary>The rate grants of one silo for one endpoint. Not thread-safe.</summary>
internal sealed class RateAllowances
{
    private readonly List<RateAllowance> _all = [];

    public bool CanTake(long tokens, long now) => Find(tokens, now) is not null;

    public RateAllowance? TryTake(long tokens, long now)
    {
        var allowance = Find(tokens, now);
        allowance?.Take(tokens);
        return allowance;
    }

    public long RequestsLeft(long now)
    {
        var left = 0L;
        foreach (var allowance in _all)
        {
            left += allowance.CanTake(0, now) ? allowance.RequestsLeft : 0;
        }

        return left;
    }

    public void Add(RateAllowance allowance) => _all.Add(allowance);

    /// <summary>Whether the grain must hear of something.</summary>
    public bool HasNews(long now)
    {
        foreach (var allowance in _all)
        {
            allowance.EndIf(useless: false, now);
            if (allowance.IsNews)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What the grain must hear.</summary>
    /// <param name="useless">Whether what is left helps nobody who waits.</param>
    /// <param name="now">The time.</param>
    /// <param name="told">What to confirm once the grain has heard.</param>
    public ImmutableArray<RateUse> News(bool useless, long now, List<(RateAllowance Allowance, int Version)> told)
    {
        var news = ImmutableArray.CreateBuilder<RateUse>();
        foreach (var allowance in _all)
        {
            allowance.EndIf(useless, now);
            if (allowance.IsNews)
            {
                news.Add(allowance.Report());
                told.Add((allowance, allowance.Version));
            }
        }

        return news.DrainToImmutable();
    }

    public void Confirm(List<(RateAllowance Allowance, int Version)> told)
    {
        foreach (var (allowance, version) in told)
        {
            allowance.Reported(version);
        }

        _all.RemoveAll(static a => a.IsDone);
    }

    private RateAllowance? Find(long tokens, long now)
    {
        foreach (var allowance in _all)
        {
            if (allowance.CanTake(tokens, now))
            {
                return allowance;
            }
        }

        return null;
    }
}
