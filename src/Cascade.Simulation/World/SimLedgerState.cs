using System.Globalization;
using Cascade.Grains.Budgets;
using Orleans.Storage;

namespace Cascade.Simulation.World;

/// <summary>One activation's view of its stored record, as Orleans gives it.</summary>
internal sealed class SimLedgerState(LedgerStore store, SimSilo silo, string account) : IPersistentState<LedgerRecord>
{
    private int _version;

    public LedgerRecord State { get; set; } = new();

    public string Etag => _version.ToString(CultureInfo.InvariantCulture);

    public bool RecordExists => _version > 0;

    public Task ClearStateAsync() => throw new NotSupportedException("no budget clears its state");

    public Task ReadStateAsync()
    {
        var done = new TaskCompletionSource();
        store.Read(silo, account, (record, version) =>
        {
            if (record is null)
            {
                done.SetException(new OrleansException("the storage is away"));
                return;
            }

            (State, _version) = (record, version);
            done.SetResult();
        });
        return done.Task;
    }

    public Task WriteStateAsync()
    {
        var done = new TaskCompletionSource();
        store.Write(silo, account, State, _version, outcome =>
        {
            switch (outcome)
            {
                case null:
                    done.SetException(new OrleansException("the storage did not answer"));
                    break;
                case 0:
                    done.SetException(new InconsistentStateException("somebody else wrote", "?", Etag));
                    break;
                default:
                    _version = outcome.Value;
                    done.SetResult();
                    break;
            }
        });
        return done.Task;
    }
}
