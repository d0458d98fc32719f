using Cascade.Budgets;
using Cascade.Contracts;

namespace Cascade.Grains.Budgets;

/// <summary>Changes of a cap for a time.</summary>
internal sealed partial class BudgetDesk
{
    public async Task<CapOverrideReply> OverrideAsync(CapOverrideRequest request, CancellationToken cancellationToken)
    {
        if (IsUnknown())
        {
            return new CapOverrideReply { Status = BudgetStatus.UnknownAccount };
        }

        if (CommandOf(request, out var problem) is not { } command)
        {
            return new CapOverrideReply { Status = BudgetStatus.InvalidCommand, Problem = problem };
        }

        var cap = command is SetOverride set ? set.Cap : WindowOf(request.OverrideId)?.Cap.Key;
        var outcome = Apply(command);
        if (outcome.Result.Status == LedgerStatus.Ok)
        {
            await CommitAsync(outcome, cancellationToken);
        }

        return new CapOverrideReply
        {
            Status = (BudgetStatus)outcome.Result.Status,
            Problem = outcome.Result.Problem,
            LimitNanos = _state.Windows.FirstOrDefault(window => window.Cap.Key == cap)?.Limit.Nanos ?? 0,
        };
    }

    private LedgerCommand? CommandOf(CapOverrideRequest request, out string problem)
    {
        problem = "";
        if (request.End)
        {
            return new EndOverride
            {
                OperationId = request.Operation.Value,
                OverrideId = request.OverrideId,
                Author = request.Author,
                Reason = request.Reason,
            };
        }

        var caps = _state.Windows.Where(window => Matches(window.Cap, request)).Select(window => window.Cap.Key).ToList();
        if (caps.Count != 1)
        {
            var all = string.Join(", ", _state.Windows.Select(window => window.Cap.Key));
            problem = caps.Count == 0
                ? $"Window is '{request.Window}', and budget '{budget}' has no such cap; its caps are: {(all.Length > 0 ? all : "none")}"
                : $"Window is '{request.Window}', and budget '{budget}' has {caps.Count} such caps; name Mode, and Span for a rolling one, of one of: {all}";
            return null;
        }

        return new SetOverride
        {
            OperationId = request.Operation.Value,
            Cap = caps[0],
            Override = new CapOverride
            {
                Id = request.OverrideId,
                Change = new Money(request.ChangeNanos),
                ExpiresAt = request.ExpiresAt,
                Author = request.Author,
                Reason = request.Reason,
            },
        };
    }

    private WindowState? WindowOf(string overrideId) => _state.Windows.FirstOrDefault(window => window.Overrides.Any(o => o.Id == overrideId));

    private static bool Matches(WindowCap cap, CapOverrideRequest request) =>
        Telemetry.Names.Of(cap.Window).Equals(request.Window, StringComparison.OrdinalIgnoreCase)
        && (request.Mode.Length == 0 || Telemetry.Names.Of(cap.Mode).Equals(request.Mode, StringComparison.OrdinalIgnoreCase))
        && (request.Span == TimeSpan.Zero || cap.Span == request.Span);
}
