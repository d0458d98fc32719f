using Cascade.Grains.State;

namespace Cascade.Simulation.World;

/// <summary>What the cluster holds for dead, rightly or not.</summary>
internal sealed class SimMembership : IHolderLiveness
{
    private readonly HashSet<SiloAddress> _dead = [];

    public bool IsDead(HolderId holder) => _dead.Contains(holder.Silo);

    public void Declare(SiloAddress silo) => _dead.Add(silo);
}
