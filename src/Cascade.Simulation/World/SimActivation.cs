using Cascade.Contracts;
using Cascade.Grains.Budgets;
using Cascade.Grains.State;
using Cascade.Simulation.Auditing;

namespace Cascade.Simulation.World;

/// <summary>A call to a desk, and how its caller hears of the end.</summary>
internal sealed record DeskCall(SimSilo Caller, string What, Func<BudgetDesk, Task<Action>> Invoke, Action<Exception> Fail);

/// <summary>A desk on a silo, as a grain: it reads its state, takes one call after the other, and goes away when told to.</summary>
internal sealed class SimActivation
{
    private readonly SimWorld _world;
    private readonly Queue<DeskCall> _calls = new();
    private readonly SimLedgerState _state;
    private readonly BudgetDesk _desk;
    private bool _busy;
    private bool _open;

    public SimActivation(SimWorld world, SimSilo silo, BudgetKey budget)
    {
        _world = world;
        Silo = silo;
        Budget = budget;
        _state = new SimLedgerState(world.Storage, silo, budget.ToString());
        var committed = new CommittedState<LedgerRecord>(_state, Deactivate);
        _desk = new BudgetDesk(budget, world.Model.FindBudget(budget), committed, Deactivate, silo.Desks);
    }

    public SimSilo Silo { get; }

    public BudgetKey Budget { get; }

    public bool IsGone { get; private set; }

    public void Deactivate()
    {
        if (!IsGone)
        {
            IsGone = true;
            _ = _desk.CloseAsync();
            _world.Coverage.Note(Seen.DeskDeactivated);
        }
    }

    public void Take(DeskCall call)
    {
        _calls.Enqueue(call);
        if (!_busy)
        {
            _busy = true;
            _ = WorkAsync();
        }
    }

    private async Task WorkAsync()
    {
        while (_calls.TryDequeue(out var call))
        {
            if (IsGone)
            {
                _world.Directory.Deliver(Budget, call);
                continue;
            }

            Action reply;
            try
            {
                await OpenAsync();
                _world.Note("call", Budget.ToString(), $"{call.What} on {Silo.Name}");
                reply = await call.Invoke(_desk);
            }
            catch (Exception fault)
            {
                _world.Auditor.DeskFailed(Budget.ToString(), fault);
                reply = () => call.Fail(fault);
            }

            _world.Network.Answer(Silo, call.Caller, call.What, Budget.ToString(), () => call.Caller.Context.Post(reply));
        }

        _busy = false;
    }

    private async Task OpenAsync()
    {
        if (_open)
        {
            return;
        }

        try
        {
            await _state.ReadStateAsync();
            _desk.Open();
            _open = true;
        }
        catch
        {
            Deactivate();
            throw;
        }
    }
}
