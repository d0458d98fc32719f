using Cascade.Contracts;
using Cascade.Simulation.Auditing;

namespace Cascade.Simulation.World;

/// <summary>Where the desks are. Like the real one it may be wrong for a while, and then a budget has two.</summary>
internal sealed class SimDirectory(SimWorld world)
{
    private readonly Dictionary<string, List<SimActivation>> _entries = new(StringComparer.Ordinal);
    private readonly HashSet<string> _split = new(StringComparer.Ordinal);

    /// <summary>The next calls to a budget find another desk than those before did.</summary>
    public void Split(BudgetKey budget) => _split.Add(budget.ToString());

    /// <summary>The directory has become consistent: the elder duplicates go away.</summary>
    public void Settle()
    {
        _split.Clear();
        foreach (var activations in _entries.Values)
        {
            foreach (var duplicate in activations.SkipLast(1))
            {
                duplicate.Deactivate();
            }
        }
    }

    /// <summary>Forgets what is on a silo that was declared dead.</summary>
    public void Forget(SimSilo silo)
    {
        foreach (var activations in _entries.Values)
        {
            activations.RemoveAll(a => a.Silo == silo);
        }
    }

    /// <summary>Deactivates a budget's desk, as an idle one is.</summary>
    public void Deactivate(BudgetKey budget)
    {
        foreach (var activation in _entries.GetValueOrDefault(budget.ToString()) ?? [])
        {
            activation.Deactivate();
        }
    }

    /// <summary>Brings a call to a desk, which is made when there is none. Runs in the silo of the desk.</summary>
    public void Deliver(BudgetKey budget, DeskCall call)
    {
        var name = budget.ToString();
        if (!_entries.TryGetValue(name, out var activations))
        {
            _entries[name] = activations = [];
        }

        activations.RemoveAll(a => a.IsGone);
        if (activations.Count == 0 || (_split.Remove(name) && activations.Count < 3))
        {
            if (Place(activations) is not { } silo)
            {
                return;
            }

            if (activations.Count > 0)
            {
                world.Coverage.Note(Seen.DuplicateActivation);
            }

            activations.Add(new SimActivation(world, silo, budget));
            world.Note("activated", name, $"on {silo.Name}", activations.Count);
        }

        var target = activations.Count == 1 ? activations[0] : world.Loop.Random.Pick(activations);
        world.Network.Ask(call.Caller, target.Silo, call.What, name, () => target.Silo.Context.Post(() => target.Take(call)));
    }

    private SimSilo? Place(List<SimActivation> elsewhere)
    {
        var candidates = world.Members.Where(s => !s.IsLeaving && elsewhere.TrueForAll(a => a.Silo != s)).ToList();
        return candidates.Count == 0 ? null : world.Loop.Random.Pick(candidates);
    }
}
