using Cascade.Contracts;
using Cascade.TestKit.Providers;

namespace Cascade.Cluster.Tests.Hostile;

/// <summary>Every fault of the stub, with what docs/streaming.md and docs/money.md promise of it.</summary>
internal static class HostileCases
{
    /// <summary>The limits of every call here, in seconds.</summary>
    public const double Total = 60, FirstPart = 20, BetweenParts = 10;

    /// <summary>Bytes of a streamed body before its first words, within its first delta, and after it.</summary>
    private const int BeforeWords = 100, AfterWords = 600;

    private const string Skewed = "Sun, 06 Nov 2050 08:00:00 GMT";

    private static readonly Task Never = new TaskCompletionSource().Task;

    public static IReadOnlyList<HostileCase> All { get; } = [.. Statuses(), .. Waits(), .. Cuts(), .. Bodies(), .. Usages(), .. Chunks()];

    private static IEnumerable<HostileCase> Statuses()
    {
        yield return Status(429, Expected.Refused(AttemptBlame.ProviderLimit, "http-429"));
        yield return Throttled("seconds", 600, ("Retry-After", "600"));
        yield return Throttled("milliseconds", 600, ("retry-after-ms", "600000"));
        yield return Throttled("date-skewed", 600, ("Date", Skewed), ("Retry-After", "Sun, 06 Nov 2050 08:10:00 GMT"));
        yield return Throttled("date-past", 0, ("Date", Skewed), ("Retry-After", "Sat, 05 Nov 2050 08:00:00 GMT"));
        yield return Throttled("absurd", 86_400, ("Retry-After", "99999999999"));
        yield return Throttled("nonsense", 0, ("Retry-After", "soon"));
        yield return Throttled("limits", 360, ("x-ratelimit-limit-requests", "1"), ("x-ratelimit-remaining-requests", "0"), ("x-ratelimit-reset-requests", "6m0s"));
        yield return Status(500, Expected.Refused(AttemptBlame.Provider, "http-500"), ("Date", Skewed));
        yield return Status(503, Expected.Refused(AttemptBlame.Provider, "http-503") with { PauseSeconds = 600 }, ("Retry-After", "600"));
        foreach (var code in (int[])[408, 502, 504])
        {
            yield return Status(code, Expected.NoAnswer($"http-{code}"));
        }

        foreach (var code in (int[])[400, 404, 413, 422])
        {
            yield return Status(code, Expected.Refused(AttemptBlame.Caller, $"http-{code}"));
        }

        foreach (var code in (int[])[401, 403])
        {
            yield return Status(code, Expected.Refused(AttemptBlame.Operator, $"http-{code}"));
        }

        yield return Status(307, Expected.Refused(AttemptBlame.Provider, "http-307"), ("Location", "http://127.0.0.1:9/v1/chat/completions"));
        yield return new("status-202", _ => new StubFault.Status(202), Expected.NoAnswer("malformed-response"), Expected.NoAnswer("not-a-stream"));
    }

    private static IEnumerable<HostileCase> Waits()
    {
        var late = (Expected.Late(Total, "timeout"), Expected.Late(FirstPart, "first-chunk-timeout"));
        yield return new("wait-before-billing", _ => new StubFault.WaitBeforeBilling(Task.CompletedTask), Expected.Answered, Expected.Answered);
        yield return new("wait-before-billing-for-ever", _ => new StubFault.WaitBeforeBilling(Never), late.Item1, late.Item2);
        yield return new("wait-after-billing", _ => new StubFault.WaitAfterBilling(Task.CompletedTask), Expected.Answered, Expected.NoAnswer("not-a-stream"));
        yield return new("wait-after-billing-for-ever", _ => new StubFault.WaitAfterBilling(Never), late.Item1, late.Item2);
        yield return new("hang", _ => new StubFault.Hang(), late.Item1, late.Item2);
        yield return new("stall-before-words", _ => new StubFault.StallStream(BeforeWords), Expected.Answered, late.Item2);
        yield return new("stall-after-words", _ => new StubFault.StallStream(AfterWords), Expected.Answered, Expected.Late(BetweenParts, "idle-timeout") with { HasWords = true });
        yield return new(
            "comments",
            context => new StubFault.TrickleComments(AfterWords, ct => context.Words.IsCompleted ? context.SecondsUntil(Seconds(BetweenParts))(ct) : context.Words.WaitAsync(ct)),
            Expected.Answered,
            Expected.Late(BetweenParts, "idle-timeout") with { HasWords = true, EndedBy = null });
        yield return new(
            "slow-loris",
            context => new StubFault.TrickleBytes(context.SecondsUntil(Seconds(Total))),
            Expected.Late(Total, "timeout") with { EndedBy = null },
            Expected.Late(FirstPart, "first-chunk-timeout") with { EndedBy = null });
        yield return new("slow", _ => new StubFault.TrickleBytes(static _ => Task.CompletedTask), Expected.Answered, Expected.Answered);
    }

    private static IEnumerable<HostileCase> Cuts()
    {
        yield return new("abort-before-billing", _ => new StubFault.AbortBeforeBilling(), Expected.Lost, Expected.Lost);
        yield return new("abort-after-billing", _ => new StubFault.AbortAfterBilling(), Expected.Lost, Expected.Lost);
        yield return new("abort-in-body", _ => new StubFault.AbortInBody(), Expected.Lost, Expected.NoAnswer("not-a-stream"));
        yield return new("cut-before-words", _ => new StubFault.CutStream(BeforeWords), Expected.Lost, Expected.Lost);
        yield return new("end-before-words", _ => new StubFault.EndEarly(BeforeWords), Expected.NoAnswer("malformed-response"), Expected.NoAnswer("stream-ended-early"));
        yield return new(
            "end-after-words", _ => new StubFault.EndEarly(AfterWords), Expected.Answered, Expected.NoAnswer("stream-ended-early") with { HasWords = true });
        yield return new("end-without-finish", _ => new StubFault.EndWithoutFinish(), Expected.Answered, Expected.NoAnswer("stream-ended-early") with { HasWords = true });
    }

    private static IEnumerable<HostileCase> Bodies()
    {
        var broken = (string[])["{", "", "{}", "[]", """{"choices":[]}""", """{"error":{"message":"no"}}""", "\0\u0001\ufffd"];
        foreach (var (i, body) in broken.Index())
        {
            yield return Body($"json-{i}", body, "application/json", "malformed-response", "not-a-stream");
            yield return Body($"sse-{i}", $"data: {body}\n\n", "text/event-stream", "malformed-response", i switch { 5 => "error-in-stream", 2 or 4 => "stream-ended-early", _ => "malformed-response" });
        }

        yield return Body("html", "<html>hello</html>", "text/html", "malformed-response", "not-a-stream");
        yield return Body("no-event", "no event at all", "text/event-stream", "malformed-response", "stream-ended-early");
        yield return Body("only-done", "data: [DONE]\n\n", "text/event-stream", "malformed-response", "stream-ended-early");
        yield return Body("too-large", new string(' ', 33 * 1024 * 1024), "application/json", "response-too-large", "not-a-stream");
        yield return new("wrong-type", _ => new StubFault.WrongContentType("text/html"), Expected.Answered, Expected.NoAnswer("not-a-stream"));
        yield return new("stray-error", _ => new StubFault.StrayEvent("""{"error":{"message":"overloaded"}}"""), Expected.Answered, Expected.NoAnswer("error-in-stream"));
        yield return new("stray-broken", _ => new StubFault.StrayEvent("{"), Expected.Answered, Expected.NoAnswer("malformed-response"));
    }

    private static IEnumerable<HostileCase> Usages()
    {
        yield return new("usage-missing", _ => new StubFault.MissingUsage(), Expected.Estimated, Expected.Estimated);
        yield return Usage("billed-little", new StubFault.BillTokens(1, 1), Expected.Answered);
        yield return Usage("billed-above-the-bound", new StubFault.BillTokens(1_000, 5_000), Expected.Answered);
        yield return Usage("reported-zero", new StubFault.ReportTokens(0, 0), Expected.Estimated);
        yield return Usage("reported-negative", new StubFault.ReportTokens(-5, -5), Expected.Estimated);
        yield return Usage("reported-absurd", new StubFault.ReportTokens(200_000_000, 200_000_000), Expected.Estimated);
        yield return new(
            "reported-beyond-all-numbers", _ => new StubFault.ReportTokens(10, 3_000_000_000), Expected.NoAnswer("malformed-response"), Expected.Estimated);
        yield return Usage("reported-less", new StubFault.ReportTokens(2, 1), Expected.Answered with { IsLie = true });
        foreach (var kind in Enum.GetValues<StubUsage>())
        {
            yield return new(
                $"usage-{kind}", _ => new StubFault.StreamedUsage(kind), Expected.Answered, kind == StubUsage.Missing ? Expected.Estimated : Expected.Answered);
        }
    }

    private static IEnumerable<HostileCase> Chunks()
    {
        yield return new("duplicates", _ => new StubFault.DuplicateChunks(), Expected.Answered, Expected.Answered);
        yield return new("huge-chunk", _ => new StubFault.HugeChunk(200_000), Expected.Answered, Expected.Answered);
        yield return new("monstrous-chunk", _ => new StubFault.HugeChunk(2 * 1024 * 1024), Expected.Answered, Expected.NoAnswer("response-too-large"));
        yield return new("cut-after-words", _ => new StubFault.CutStream(AfterWords), Expected.Answered, Expected.Lost with { HasWords = true });
    }

    private static HostileCase Status(int code, Expected expected, params (string Name, string Value)[] headers) =>
        new($"status-{code}", _ => new StubFault.Status(code) { Headers = headers.ToDictionary(h => h.Name, h => h.Value) }, expected, expected);

    private static HostileCase Throttled(string name, double seconds, params (string Name, string Value)[] headers) =>
        Status(429, Expected.Refused(AttemptBlame.ProviderLimit, "http-429") with { PauseSeconds = seconds }, headers) with { Name = $"throttled-{name}" };

    private static HostileCase Body(string name, string text, string type, string buffered, string streamed) =>
        new($"body-{name}", _ => new StubFault.WrongBody(text, type), Expected.NoAnswer(buffered), Expected.NoAnswer(streamed));

    private static HostileCase Usage(string name, StubFault fault, Expected expected) => new(name, _ => fault, expected, expected with { HasWords = true });

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
