using System.Runtime.CompilerServices;
using Cascade.Contracts;
using Cascade.Grains.Model;
using Cascade.Grains.Telemetry;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Cascade.Grains.Routing;

/// <summary>
/// Takes a request from check to reply. Reentrant, because a request mostly waits for a provider and one waiting request must not hold up
/// the next. One worker per silo, because a cancellation is delivered to any one worker, not to the one that runs the call; so the work
/// itself runs on the thread pool, touching nothing of the grain.
/// </summary>
[GrainType("cascade.router"), StatelessWorker(maxLocalWorkers: 1), Reentrant]
internal sealed partial class CascadeRouterGrain(CascadeServices services, ILogger<CascadeRouterGrain> logger) : Grain, ICascadeRouterGrain
{
    public async Task<CascadeReply> CompleteAsync(CascadeRequest request, CancellationToken cancellationToken = default)
    {
        var isOld = services.UnderWay.Begin();
        try
        {
            return await AnswerAsync(request, updates: null, cancellationToken);
        }
        finally
        {
            services.UnderWay.End(isOld);
        }
    }

    public async IAsyncEnumerable<CascadeUpdate> StreamAsync(
        CascadeRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var updates = new UpdateStream(services.Options.StreamBuffer, services.Time);
        var isOld = services.UnderWay.Begin();
        _ = FillAsync(request, updates);
        try
        {
            while (await updates.WaitAsync(cancellationToken))
            {
                while (updates.TryTake(out var update))
                {
                    yield return update;
                }
            }
        }
        finally
        {
            // What is under way goes on, as the endpoint's policy says, until its cost is known.
            updates.Leave();
            services.UnderWay.End(isOld);
        }
    }

    private async Task FillAsync(CascadeRequest request, UpdateStream updates)
    {
        try
        {
            updates.End(await AnswerAsync(request, updates, updates.Left));
        }
        catch (Exception fault)
        {
            // Whoever reads may be gone.
            LogStreamFailed(request.Operation, request.Account, fault);
            updates.Fail(fault);
        }
    }

    private async Task<CascadeReply> AnswerAsync(CascadeRequest request, UpdateStream? updates, CancellationToken cancellationToken)
    {
        var started = services.Time.GetTimestamp();
        using var activity = services.Instruments.Activities.StartActivity(CascadeTelemetry.Spans.Request);
        var route = services.Routes.Find(request.Model);
        var reply = Refuse(request, route) ?? await StartAsync(request, route!, updates, cancellationToken);
        var routeName = route?.Name ?? "unknown";
        foreach (var label in request.Labels.IsDefault || reply.Status == CascadeStatus.InvalidRequest ? [] : request.Labels)
        {
            activity?.SetTag(CascadeTelemetry.Tags.LabelPrefix + label.Name, label.Value);
        }

        activity?.SetTag(CascadeTelemetry.Tags.Route, routeName);
        activity?.SetTag(CascadeTelemetry.Tags.Status, Names.Of(reply.Status));
        activity?.SetTag(CascadeTelemetry.Tags.Escalated, reply.Escalated);
        activity?.SetTag(CascadeTelemetry.Tags.CostNanos, reply.CostNanos);
        var duration = services.Time.GetElapsedTime(started);
        var calls = reply.Attempts.Count(static attempt => attempt.Booking != Booking.None);
        services.Instruments.RequestEnded(routeName, reply.Status, duration);
        if (updates?.TimeToCommit is { } first)
        {
            services.Instruments.FirstChunk(routeName, first);
        }

        LogRequestEnded(request.Operation, request.Account, routeName, reply.Status, calls, reply.CostNanos, duration.TotalSeconds);
        return reply with { TraceId = activity?.TraceId.ToHexString() ?? "" };
    }

    private async Task<CascadeReply> StartAsync(CascadeRequest request, RouteModel configured, UpdateStream? updates, CancellationToken cancellationToken)
    {
        var view = services.Views.Of(request.Account).Narrowed(request.Allow);
        var route = view.Meet(configured);
        return RefuseRoute(request, configured, route, view)
            ?? await Task.Run(() => RunAsync(request, route, view, updates, cancellationToken), CancellationToken.None);
    }

    private async Task<CascadeReply> RunAsync(
        CascadeRequest request, RouteModel route, AccountView view, UpdateStream? updates, CancellationToken cancellationToken)
    {
        if (request.IdempotencyKey.Length == 0)
        {
            return await RunInTimeAsync(request, route, view, updates, cancellationToken);
        }

        var reply = await services.Repeated.RunAsync(request, token => RunInTimeAsync(request, route, view, updates, token), cancellationToken);
        return reply.Status == CascadeStatus.Cancelled && updates is { TooSlow: true } ? reply with { Problem = UpdateStream.TooSlowProblem } : reply;
    }

    private async Task<CascadeReply> RunInTimeAsync(
        CascadeRequest request, RouteModel route, AccountView view, UpdateStream? updates, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(services.Options.RequestDeadline, services.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        return await RunOnceAsync(request, route, view, updates, cancellationToken, both.Token);
    }

    private async Task<CascadeReply> RunOnceAsync(
        CascadeRequest request, RouteModel route, AccountView view, UpdateStream? updates, CancellationToken caller, CancellationToken cancellationToken)
    {
        var reply = await new CascadeRun(request, route, view, services, updates).RunAsync(caller, cancellationToken);
        if (reply.Status != CascadeStatus.InsufficientQuota)
        {
            // A refusal for money is no request that cost nothing: counted as one it would lower the price of money exactly when it is gone.
            services.Budget.CountRequest(request.Account, reply.Attempts.Select(static attempt => attempt.Endpoint));
        }

        return reply;
    }

    private CascadeReply? Refuse(CascadeRequest request, RouteModel? route)
    {
        if (RequestCheck.Problem(request) is { } problem)
        {
            return new CascadeReply { Status = CascadeStatus.InvalidRequest, Problem = problem };
        }

        if (services.Model.FindAccount(request.Account) is null)
        {
            return new CascadeReply
            {
                Status = CascadeStatus.UnknownAccount,
                Problem = $"account '{request.Account}' is not configured, nor is a template for it; add one of them under Cascade:Accounts",
            };
        }

        return route is null
            ? new CascadeReply
            {
                Status = CascadeStatus.UnknownModel,
                Problem = $"model '{request.Model}' is neither a route nor an endpoint; ask for the list of models",
            }
            : null;
    }

    private CascadeReply? RefuseRoute(CascadeRequest request, RouteModel configured, RouteModel route, AccountView view)
    {
        if (route.Stages.All(static stage => stage.Deployments.IsEmpty))
        {
            return new CascadeReply
            {
                Status = CascadeStatus.NotAllowed,
                Problem = $"nothing of '{request.Model}' may answer: {view.Explain(configured)}; ask another model, or allow more",
            };
        }

        var unpriced = route.Stages.SelectMany(s => s.Deployments).FirstOrDefault(s => s.Price is null && services.Budget.IsHardCapped(request.Account, s.Id));
        return unpriced is not null
            ? new CascadeReply
            {
                Status = CascadeStatus.UnpricedModel,
                Problem = $"endpoint '{unpriced.Id}' has no price and account '{request.Account}' or one above it has a hard cap, so its cost cannot be bounded; "
                    + "configure InputUsdPerMillionTokens and OutputUsdPerMillionTokens",
            }
            : null;
    }

    [LoggerMessage(EventId = 301, Level = LogLevel.Error, Message = "The stream of request {Operation} of account {Account} failed")]
    private partial void LogStreamFailed(OperationId operation, AccountId account, Exception fault);

    [LoggerMessage(EventId = 300, Level = LogLevel.Information, Message = "Request {Operation} of account {Account} on {Route} ended: {Status} after {Attempts} calls, {CostNanos} nano-dollars, {Seconds:F3} s")]
    private partial void LogRequestEnded(
        OperationId operation, AccountId account, string route, CascadeStatus status, int attempts, long costNanos, double seconds);
}
