namespace Cascade.Grains.State;

/// <summary>Says whether the silo behind a holder is known to be gone.</summary>
internal interface IHolderLiveness
{
    /// <summary>Whether the cluster has declared the holder's silo dead. False when that is not known.</summary>
    bool IsDead(HolderId holder);
}

/// <summary>Liveness by the cluster's membership.</summary>
internal sealed class MembershipLiveness(IClusterMembershipService membership) : IHolderLiveness
{
    public bool IsDead(HolderId holder) => membership.CurrentSnapshot.GetSiloStatus(holder.Silo) == SiloStatus.Dead;
}
