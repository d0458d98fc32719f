using System.Collections.Concurrent;
using System.Security.Cryptography;
using Cascade.Contracts;
using Cascade.Grains.Hosting;
using Cascade.Grains.Identity;
using Cascade.Storage.Replays;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Serialization;

namespace Cascade.Grains.Routing;

/// <summary>
/// Runs a request that has an idempotency key once and answers its repetitions from what was kept. Only what is final is kept: an answer or
/// an abstention. A refusal or a fault leaves the key free, so that the next try is a try. A run goes on without the caller that began it: whoever gives a key
/// means to come back.
/// </summary>
internal sealed partial class RepeatedRequests(
    IReplayStore store,
    Serializer serializer,
    IIdSource ids,
    TimeProvider time,
    IOptions<CascadeOptions> options,
    ILogger<RepeatedRequests> logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LastPause = TimeSpan.FromMilliseconds(500);

    private readonly CascadeOptions _options = options.Value;
    private readonly ConcurrentDictionary<AccountId, int> _unattended = new();

    /// <summary>Runs the request, or waits for the run that is under way, or gives what is kept.</summary>
    /// <param name="request">A valid request with an idempotency key.</param>
    /// <param name="run">Runs it, within a time of its own, until its token ends it.</param>
    /// <param name="cancellationToken">Says that the caller has gone. A run goes on without it, unless the account has too many of those.</param>
    public async Task<CascadeReply> RunAsync(
        CascadeRequest request, Func<CancellationToken, Task<CascadeReply>> run, CancellationToken cancellationToken)
    {
        var key = new ReplayKey(request.Account.Value, request.IdempotencyKey);
        var owner = ids.Next();
        var fingerprint = FingerprintOf(request);
        var started = time.GetTimestamp();
        var pause = FirstPause;
        try
        {
            while (true)
            {
                var claim = await store.ClaimAsync(key, owner, fingerprint, _options.IdempotencyHold, cancellationToken);
                if (claim.Fingerprint != fingerprint)
                {
                    return Refuse(CascadeStatus.IdempotencyKeyReused, "the idempotency key was used for another request; use a new key for a new request");
                }

                switch (claim.Status)
                {
                    case ReplayStatus.Claimed:
                        return await AttendAsync(key, owner, fingerprint, request, run, cancellationToken);
                    case ReplayStatus.Finished:
                        return Read(claim) with { Replayed = true, CostNanos = 0 };
                }

                if (time.GetElapsedTime(started) >= _options.IdempotencyWait)
                {
                    return Refuse(CascadeStatus.IdempotencyKeyBusy, "a request with this idempotency key is still running; ask again for its answer");
                }

                await Task.Delay(pause, time, cancellationToken);
                pause = pause * 2 > LastPause ? LastPause : pause * 2;
            }
        }
        catch (ReplayStoreUnavailableException e)
        {
            LogStoreUnavailable(request.Account, request.Operation, e);
            return Refuse(CascadeStatus.IdempotencyUnavailable, "whether this request was made before cannot be told now; nothing was run, ask again shortly");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Refuse(CascadeStatus.Cancelled, "the caller went away before the request was run");
        }
    }

    private static CascadeReply Refuse(CascadeStatus status, string problem) => new() { Status = status, Problem = problem };

    private CascadeReply Read(ReplayClaim claim) => serializer.Deserialize<CascadeReply>(claim.Outcome)
        ?? throw new CascadeException("the kept reply of an idempotency key is empty");

    /// <summary>Runs the request for as long as its caller waits, and then without it.</summary>
    private async Task<CascadeReply> AttendAsync(
        ReplayKey key,
        string owner,
        string fingerprint,
        CascadeRequest request,
        Func<CancellationToken, Task<CascadeReply>> run,
        CancellationToken caller)
    {
        var giveUp = new CancellationTokenSource();
        var running = RunClaimedAsync(key, owner, fingerprint, request, () => run(giveUp.Token));
        await ((Task)running).WaitAsync(caller).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (running.IsCompleted)
        {
            giveUp.Dispose();
            return await running;
        }

        _ = RunOnAsync(running, giveUp, request);
        return Refuse(CascadeStatus.Cancelled, "the caller went away; what comes of the request is kept for a repetition with its idempotency key");
    }

    private async Task RunOnAsync(Task<CascadeReply> running, CancellationTokenSource giveUp, CascadeRequest request)
    {
        try
        {
            if (_unattended.AddOrUpdate(request.Account, 1, static (_, count) => count + 1) > _options.UnattendedRuns)
            {
                await giveUp.CancelAsync();
            }

            var reply = await running;
            LogRanOn(request.Operation, request.Account, reply.Status, reply.Attempts.Length, reply.CostNanos);
        }
        catch (Exception fault)
        {
            LogRunFailed(request.Operation, request.Account, fault);
        }
        finally
        {
            // An account without such runs leaves nothing behind.
            if (_unattended.AddOrUpdate(request.Account, 0, static (_, count) => count - 1) == 0)
            {
                _unattended.TryRemove(new KeyValuePair<AccountId, int>(request.Account, 0));
            }

            giveUp.Dispose();
        }
    }

    private async Task<CascadeReply> RunClaimedAsync(
        ReplayKey key, string owner, string fingerprint, CascadeRequest request, Func<Task<CascadeReply>> run)
    {
        using var ended = new CancellationTokenSource();
        var renewal = RenewAsync(key, owner, request, ended.Token);
        CascadeReply? reply = null;
        try
        {
            reply = await run() with { Origin = new ReplyOrigin { Operation = request.Operation, At = time.GetUtcNow() } };
            return reply;
        }
        finally
        {
            await ended.CancelAsync();
            await renewal;
            await EndAsync(key, owner, fingerprint, request, reply);
        }
    }

    /// <summary>The answer is there whatever becomes of the store: a key that cannot be kept costs a repetition, not this request.</summary>
    private async Task EndAsync(ReplayKey key, string owner, string fingerprint, CascadeRequest request, CascadeReply? reply)
    {
        try
        {
            if (reply?.Status is not (CascadeStatus.Answered or CascadeStatus.Abstained))
            {
                await store.ReleaseAsync(key, owner, CancellationToken.None);
            }
            else if (!await store.CompleteAsync(
                key, owner, fingerprint, serializer.SerializeToArray(reply), _options.IdempotencyRetention, CancellationToken.None))
            {
                LogKeyLost(request.Account, request.Operation);
            }
        }
        catch (ReplayStoreUnavailableException e)
        {
            LogStoreUnavailable(request.Account, request.Operation, e);
        }
    }

    private async Task RenewAsync(ReplayKey key, string owner, CascadeRequest request, CancellationToken ended)
    {
        using var timer = new PeriodicTimer(_options.IdempotencyHold / 3, time);
        while (!ended.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(ended);
                await store.RenewAsync(key, owner, _options.IdempotencyHold, ended);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (ReplayStoreUnavailableException e)
            {
                LogStoreUnavailable(request.Account, request.Operation, e);
            }
        }
    }

    /// <summary>Two requests are the same when nothing but their names differ.</summary>
    private string FingerprintOf(CascadeRequest request) => Convert.ToHexStringLower(SHA256.HashData(
        serializer.SerializeToArray(request with { Operation = new OperationId("-"), IdempotencyKey = "" })));

    [LoggerMessage(EventId = 340, Level = LogLevel.Warning, Message = "The store of idempotency keys gave no answer for request {Operation} of account {Account}")]
    private partial void LogStoreUnavailable(AccountId account, OperationId operation, Exception exception);

    [LoggerMessage(EventId = 343, Level = LogLevel.Information, Message = "Request {Operation} of account {Account} ended without its caller: {Status} after {Attempts} calls, {CostNanos} nano-dollars")]
    private partial void LogRanOn(OperationId operation, AccountId account, CascadeStatus status, int attempts, long costNanos);

    [LoggerMessage(EventId = 342, Level = LogLevel.Error, Message = "Request {Operation} of account {Account} failed after its caller had gone")]
    private partial void LogRunFailed(OperationId operation, AccountId account, Exception exception);

    [LoggerMessage(EventId = 341, Level = LogLevel.Warning, Message = "Request {Operation} of account {Account} outlived its idempotency key, so a repetition may have been run and paid too")]
    private partial void LogKeyLost(AccountId account, OperationId operation);
}
