using Cascade.Providers;
using Cascade.Providers.Replay;
using Cascade.Providers.Synthetic;
using Cascade.Verification;
using Microsoft.Extensions.AI;

namespace Cascade.Cli.Demo.Preparing;

/// <summary>Chooses the questions, always the same ones, and finds out what is known of them.</summary>
internal static class WorkloadLoader
{
    /// <summary>Problems of the live run are others than those of the synthetic one, so that neither is tuned on the other.</summary>
    private const long LiveSeed = 2027;

    private const long SyntheticSeed = 2026;
    private const string AnswerForm = "\n\nWork it out in a few short lines. End with a line of the form '#### number'.";

    private delegate ValueTask<ReplayAnswer> Foresight(DemoEndpoint endpoint, DemoQuestion question, CancellationToken cancellationToken);

    public static async Task<Workload> LoadAsync(DemoSource source, DemoSetup setup, int count, CancellationToken cancellationToken) => source switch
    {
        DemoSource.Replay => await RecordedAsync(setup, count, cancellationToken),
        DemoSource.Synthetic => await ForeseeAsync(source, setup, MadeUp(SyntheticSeed, count, ""), SolveAsync, cancellationToken),
        DemoSource.Live => new Workload(source, setup, MadeUp(LiveSeed, count, AnswerForm)),
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, "is no source"),
    };

    /// <summary>
    /// Recorded questions of the half that the judge's calibration was not fitted on, in an order that has nothing to do with them.
    /// </summary>
    internal static bool IsHeldOut(string questionId) => ((StableHash(questionId) >> 16) & 1) == 1;

    private static async Task<Workload> RecordedAsync(DemoSetup setup, int count, CancellationToken cancellationToken)
    {
        var replay = setup.Cheap.Config.Replay;
        try
        {
            var recording = await ReplayDataSet.LoadAsync(replay.DataDirectory, replay.DataSet, cancellationToken);
            var questions = recording.Questions
                .Where(question => IsHeldOut(question.Id))
                .OrderBy(question => StableHash(question.Id))
                .Take(count)
                .Select(question => new DemoQuestion(question.Id, question.Prompt, question.ReferenceAnswer))
                .ToArray();
            if (questions.Length < count)
            {
                throw new CliException(
                    ExitCodes.BadUsage, $"--questions is {count}; the held-out half of {replay.DataSet} has {questions.Length}, so give at most that");
            }

            var answers = new Dictionary<string, IReadOnlyDictionary<string, ReplayAnswer>>(StringComparer.Ordinal);
            foreach (var endpoint in new[] { setup.Cheap, setup.Judge, setup.Strong })
            {
                answers[endpoint.Name] = await recording.LoadAnswersAsync(endpoint.Config.Replay.Model ?? endpoint.Config.Model, cancellationToken);
            }

            return await ForeseeAsync(
                DemoSource.Replay, setup, questions, (endpoint, question, _) => ValueTask.FromResult(Recall(answers[endpoint.Name], endpoint, question)), cancellationToken);
        }
        catch (ReplayDataException missing)
        {
            throw new CliException(ExitCodes.NoInput, $"--source replay: {missing.Message} Without recordings, use --source synthetic.", missing);
        }
    }

    private static DemoQuestion[] MadeUp(long seed, int count, string form) =>
    [
        .. Enumerable.Range(0, count)
            .Select(index => SyntheticProblems.Create(seed, index))
            .Select(problem => new DemoQuestion(problem.Id, problem.Text + form, problem.ReferenceAnswer)),
    ];

    private static async Task<Workload> ForeseeAsync(
        DemoSource source, DemoSetup setup, DemoQuestion[] questions, Foresight foresee, CancellationToken cancellationToken)
    {
        for (var i = 0; i < questions.Length; i++)
        {
            var question = questions[i];
            var (draft, draftNanos) = Read(setup.Cheap, await foresee(setup.Cheap, question, cancellationToken));
            var (opinion, opinionNanos) = Read(setup.Judge, await foresee(setup.Judge, question, cancellationToken));
            var (answer, answerNanos) = Read(setup.Strong, await foresee(setup.Strong, question, cancellationToken));
            questions[i] = question with
            {
                Known = new Foreknowledge
                {
                    CheapNanos = draftNanos,
                    JudgeNanos = opinionNanos,
                    StrongNanos = answerNanos,
                    CheapRight = AnswerExtraction.AreSame(draft, question.Answer),
                    StrongRight = AnswerExtraction.AreSame(answer, question.Answer),
                    Agree = AnswerExtraction.AreSame(draft, opinion),
                },
            };
        }

        return new Workload(source, setup, questions);
    }

    /// <summary>The final answer and the cost. An answer that is cut at the endpoint's limit has lost its end, where final answers stand.</summary>
    private static (string Answer, long Nanos) Read(DemoEndpoint endpoint, ReplayAnswer answer)
    {
        var limit = endpoint.Config.MaxOutputTokens;
        var cost = endpoint.Config.ToPriceList()!.CostNanos(answer.InputTokens, Math.Min(answer.OutputTokens, limit));
        return (answer.OutputTokens > limit ? "" : AnswerExtraction.Extract(answer.Text).Text, cost);
    }

    private static ReplayAnswer Recall(IReadOnlyDictionary<string, ReplayAnswer> answers, DemoEndpoint endpoint, DemoQuestion question) =>
        answers.TryGetValue(question.Id, out var answer) ? answer : throw new CliException(
            ExitCodes.NoInput, $"--config: the endpoint '{endpoint.Name}' has no recorded answer to {question.Id}; name a model that was recorded on all questions");

    private static async ValueTask<ReplayAnswer> SolveAsync(DemoEndpoint endpoint, DemoQuestion question, CancellationToken cancellationToken)
    {
        if (endpoint.Config.Provider != ProviderKinds.Synthetic)
        {
            throw new CliException(
                ExitCodes.BadUsage, $"--source synthetic does not go with --config: the endpoint '{endpoint.Name}' has the provider '{endpoint.Config.Provider}'");
        }

        endpoint.Config.Synthetic.LatencyMilliseconds = 0;
        using var solver = new SyntheticChatClient(endpoint.Config.Synthetic, TimeProvider.System);
        var response = await solver.GetResponseAsync([new ChatMessage(ChatRole.User, question.Prompt)], cancellationToken: cancellationToken);
        return new ReplayAnswer
        {
            Text = response.Text,
            InputTokens = response.Usage?.InputTokenCount ?? 0,
            OutputTokens = response.Usage?.OutputTokenCount ?? 0,
            Correct = AnswerExtraction.AreSame(AnswerExtraction.Extract(response.Text).Text, question.Answer),
        };
    }

    // FNV-1a, as docs/verification.md splits the recording: the same halves on every machine.
    private static uint StableHash(string text) => text.Aggregate(2166136261u, static (hash, next) => unchecked((hash ^ next) * 16777619u));
}
