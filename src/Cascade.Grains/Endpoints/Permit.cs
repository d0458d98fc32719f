namespace Cascade.Grains.Endpoints;

/// <summary>The right to start one call. A value over a pooled slot, so that taking and returning one allocates nothing; a second return does nothing.</summary>
internal readonly struct Permit : IEquatable<Permit>
{
    private readonly EndpointGate? _gate;
    private readonly PermitSlot? _slot;
    private readonly int _generation;

    internal Permit(EndpointGate gate, PermitSlot slot) => (_gate, _slot, _generation) = (gate, slot, slot.Generation);

    /// <summary>Whether there is one.</summary>
    public bool IsValid => _gate is not null;

    /// <summary>Whether a call may still be sent: a rate limit counts it from about when it was permitted.</summary>
    public bool IsFresh => _gate!.IsFresh(_slot!, _generation);

    /// <summary>Gives the right back and counts the call.</summary>
    public void Return(in CallReport report) => _gate!.Leave(_slot!, _generation, report);

    /// <summary>Gives the right back without a call having been sent.</summary>
    public void ReturnUnused() => _gate?.LeaveUnused(_slot!, _generation);

    public bool Equals(Permit other) => ReferenceEquals(_slot, other._slot) && _generation == other._generation;

    public override bool Equals(object? obj) => obj is Permit other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_slot, _generation);
}

/// <summary>What a gate keeps of a call in flight. Reused; the generation tells the uses apart.</summary>
internal sealed class PermitSlot
{
    public int Generation { get; set; }

    public bool IsOut { get; set; }

    public TenantUse Tenant { get; set; } = null!;

    public bool IsBatch { get; set; }

    public bool IsProbe { get; set; }

    /// <summary>Tokens as estimated.</summary>
    public long Tokens { get; set; }

    /// <summary>What it was started under; null when the endpoint has no rate limit.</summary>
    public RateAllowance? Allowance { get; set; }

    public long TakenAt { get; set; }
}
