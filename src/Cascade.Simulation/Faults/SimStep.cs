using System.Globalization;

namespace Cascade.Simulation.Faults;

/// <summary>What a step does to the world.</summary>
internal enum StepKind
{
    None = 0,
    Requests,
    Wait,
    Rest,
    Crash,
    Pause,
    Leave,
    DeclareDead,
    ClockJump,
    Network,
    CutFromSilos,
    CutFromStorage,
    CutFromJournal,
    StorageFault,
    StorageOutage,
    JournalFault,
    JournalOutage,
    DuplicateDesk,
    DeactivateDesk,
    CancelRequests,
}

/// <summary>One step of a scenario. It depends on no other, so that any can be left out.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Target">Which silo or account it is done to, whichever the kind needs.</param>
/// <param name="Amount">How much: requests, failures or percent.</param>
/// <param name="Lasts">How long it lasts, when it does.</param>
/// <param name="Then">How long the world runs before the next step.</param>
/// <param name="Seed">Decides everything else about it, and the order of events until the next step.</param>
internal sealed record SimStep(StepKind Kind, int Target, int Amount, TimeSpan Lasts, TimeSpan Then, ulong Seed)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Kind} target {Target} amount {Amount} lasts {Lasts.TotalSeconds:0.000} s, then {Then.TotalSeconds:0.000} s");
}
