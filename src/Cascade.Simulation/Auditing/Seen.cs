namespace Cascade.Simulation.Auditing;

/// <summary>Faults and states that a run must have met before its silence means anything. In the order of reports.</summary>
internal enum Seen
{
    None = 0,
    SiloCrashed,
    SiloCrashedDuringWrite,
    SiloCrashedDuringCall,
    SiloPaused,
    SiloStoppedGracefully,
    LiveSiloDeclaredDead,
    ClockJumped,
    MessageLost,
    ReplyLost,
    MessageDoubled,
    MessageLate,
    SiloCutFromSilos,
    SiloCutFromStorage,
    SiloCutFromJournal,
    StorageFailedBefore,
    StorageFailedAfter,
    StorageOutage,
    JournalFailedBefore,
    JournalFailedAfter,
    JournalLate,
    JournalOutage,
    DuplicateActivation,
    DeskDeactivated,
    WriteRaceLost,
    UnknownWriteHappened,
    UnknownWriteDidNotHappen,
    FenceHitAtStart,
    FenceHitAtEnd,
    LateEndTold,
    EndRetried,
    LeaseReclaimedFromDeadSilo,
    LeaseReclaimedAfterExpiry,
    LeaseLost,
    RecallAnswered,
    RecallUnderPartition,
    SeveralLeasesOfOneSilo,
    WindowRolledWithOpenLeases,
    RequestServed,
    RequestClamped,
    RequestRefusedByCap,
    RequestNotServedInTime,
    RequestCancelled,
    AnswerNotBilled,
    AnswerLost,
    AnswerSlow,
    Overbilled,
    UnconfirmedAtEnd,
    FullBudgetProbed,
    CallPaidBySeveralBudgets,
    CallPaidUnderModelCap,
    CallPaidFromFloor,
    RequestRefusedAbove,
    IntentGivenUp,
    RollingWindowForgot,
    OnlyTheFloorIsLeft,
    CalledBeforeIntent,
    IntentLost,
    ExposureHeld,
    ExposureTold,
    AlertTold,
}

/// <summary>How often each was met.</summary>
internal sealed class Coverage
{
    private readonly long[] _counts = new long[Enum.GetValues<Seen>().Length];

    public static IEnumerable<Seen> All => Enum.GetValues<Seen>().Where(s => s != Seen.None);

    public long this[Seen what] => _counts[(int)what];

    public void Note(Seen what) => _counts[(int)what]++;

    public void Add(Coverage other)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }
    }
}
