using System.Collections.Immutable;

namespace Cascade.Datasets;

/// <summary>The published data sets that can be read by name.</summary>
public static class KnownDatasets
{
    /// <summary>The environment variable that names the data folder.</summary>
    public const string FolderVariable = "CASCADE_DATA";

    private const string DefaultFolder = "../shared/data";
    private const string MeanLogProbability = "mean_log_probability";
    private const string LogProbabilityColumn = "avg_logp";

    private static readonly OutcomeMapping NineModels = new()
    {
        Quality = "correct",
        CostWithJudgeUsd = "cost_with_verif_usd",
        LatencyMilliseconds = "latency_ms",
        Task = "dataset",
        // The publisher's log-probability of a certain No is minus infinity, and is written as nothing.
        Signals = [new SignalColumn("confidence", "conf_logprob") { Blank = double.NegativeInfinity }],
    };

    private static readonly OutcomeMapping Graded = new() { Quality = "correct", Task = "dataset" };

    private static readonly OutcomeMapping Arms = new()
    {
        QueryId = OutcomeMapping.None,
        Quality = "arms.{model}.reward",
        CostUsd = "arms.{model}.cost",
        Text = "prompt",
        Task = "source",
    };

    /// <summary>All of them, by name.</summary>
    public static ImmutableArray<KnownDataset> All { get; } =
    [
        Nine("gsm8k", "300 questions of grade-school maths; the check is paid for", null),
        Nine("mmlu", "multiple choice; the confidence is the answer token's and free", ("train", "test")),
        Nine("triviaqa", "trivia; the check is paid for", ("train", "test")),
        Zero("gsm", "grade-school maths; the signal is agreement with gemma-2-9b-it, which is paid for", "gemma-2-9b-it"),
        Zero("crux", "output of Python functions; no signal", null),
        Zero("math-l5", "competition maths, hardest level; no signal", null),
        Route("gsm8k", "grade-school maths, two models; estimated costs without the few-shot prompt"),
        Route("mmlu", "multiple choice, two models; estimated costs without the few-shot prompt"),
        Route("mt-bench", "160 turns graded by a judge, two models; no costs, so nothing can be planned on it without prices"),
        AutoMix("cnli_short"),
        AutoMix("coqa_short"),
        AutoMix("narrative_qa_short"),
        AutoMix("qasper_short"),
        AutoMixFree("cnli_short"),
        AutoMixFree("coqa_short"),
        AutoMixFree("narrative_qa_short"),
        AutoMixFree("qasper_short"),
        new KnownDataset
        {
            Name = "routerarena",
            Description = "Questions of many tasks, two models, of which the dearer is the weaker; no signal. One METEOR score is below 0 and counts as 0.",
            Source = new OutcomeSource
            {
                Files = [new OutcomeFile("routerarena.csv.gz")],
                Mapping = Graded with { LowestQuality = -1 },
                Texts = new QueryTexts("routerarena_queries.jsonl.gz") { TextColumn = "question" },
            },
        },
        new KnownDataset
        {
            Name = "paretobandit",
            Description = "Prompts of many tasks, four models, rewards by a judge; no signal.",
            PublishedSplits = ("val", "test"),
            Source = new OutcomeSource
            {
                Files = [new OutcomeFile("paretobandit.csv.gz")],
                Mapping = Graded with { Quality = "reward" },
                Texts = new QueryTexts("paretobandit_queries.jsonl.gz") { TextColumn = "prompt" },
            },
        },
        new KnownDataset
        {
            Name = "paretobandit3",
            Description = "The three-model rows that the publisher's budget table refers to; no signal. Rows are queries, and some texts occur twice.",
            PublishedSplits = ("val", "test"),
            Source = new OutcomeSource
            {
                Files =
                [
                    new OutcomeFile("paretobandit3_val.jsonl.gz") { Split = "val" },
                    new OutcomeFile("paretobandit3_test.jsonl.gz") { Split = "test" },
                ],
                Mapping = Arms,
            },
        },
    ];

    /// <summary>The data folder: what <see cref="FolderVariable"/> names, else <c>../shared/data</c>.</summary>
    /// <returns>The path; it need not exist.</returns>
    public static string Folder() => Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } named ? named : DefaultFolder;

    /// <summary>Finds a data set.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The data set; null when there is none of the name.</returns>
    public static KnownDataset? Find(string name) => All.FirstOrDefault(known => known.Name == name);

    /// <summary>Reads a data set by name.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="folder">The data folder; null for <see cref="Folder"/>.</param>
    /// <param name="options">Limits and progress; null for the defaults.</param>
    /// <param name="cancellationToken">Ends reading.</param>
    /// <returns>The outcomes.</returns>
    /// <exception cref="OutcomeFileException">There is no such data set, its files are not in the folder, or cannot be read.</exception>
    public static Task<OutcomeData> ReadAsync(string name, string? folder = null, ReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        folder ??= Folder();
        var known = Find(name) ?? throw Fails(name, $"is not a data set known here; known are: {string.Join(", ", All.Select(k => k.Name))}");
        var missing = known.MissingIn(folder);
        return missing.IsEmpty
            ? OutcomeReader.ReadAsync(known.In(folder), options, cancellationToken)
            : throw Fails(name, $"its files are not there: {string.Join(", ", missing)}; set {FolderVariable} to the folder that has them");
    }

    private static OutcomeFileException Fails(string name, string message) => new([new FileProblem { File = name, Message = message }], 0);

    private static KnownDataset Nine(string part, string what, (string Fit, string Report)? splits) => new()
    {
        Name = $"nine_models/{part}",
        Description = $"Nine models on {what}.",
        PublishedSplits = splits,
        Source = new OutcomeSource
        {
            Files = [new OutcomeFile("nine_models.csv.gz")],
            Mapping = NineModels,
            Filters = [new RowFilter("dataset", [part])],
            Texts = new QueryTexts("nine_models_queries.jsonl.gz") { TextColumn = "user_prompt" },
        },
    };

    private static KnownDataset Zero(string part, string what, string? partner) => new()
    {
        Name = $"zeroeval/{part}",
        Description = $"Some fifty models on {what}. Costs are estimated from lengths of texts; some models have none.",
        Source = new OutcomeSource
        {
            Files = [new OutcomeFile("zeroeval.csv.gz")],
            Mapping = Graded,
            Filters = [new RowFilter("dataset", [part])],
            Texts = new QueryTexts("zeroeval_queries.jsonl.gz") { TextColumn = "question" },
            Agreement = partner is null ? null : new AgreementSignal("agreement", "answer", partner),
        },
    };

    private static KnownDataset Route(string part, string what) => new()
    {
        Name = $"routellm/{part}",
        Description = $"RouteLLM: {what}; no signal.",
        Source = new OutcomeSource
        {
            Files = [new OutcomeFile("routellm.csv.gz")],
            Mapping = Graded,
            Filters = [new RowFilter("dataset", [part])],
            Texts = new QueryTexts("routellm_queries.jsonl.gz") { TextColumn = "question" },
        },
    };

    /// <summary>The signal that comes with the answer alone: where the check is run too, reading any signal pays for it.</summary>
    private static KnownDataset AutoMixFree(string part)
    {
        var paid = AutoMix(part);
        return paid with
        {
            Name = $"automix/{part}/log_probability",
            Description = "A small model and a strong one, answers graded 0 to 1. Costs are units of the publisher's, 5 and 25 a call, not dollars; "
                + "the only signal is the mean log-probability of the answer, which is free.",
            Source = paid.Source with
            {
                Mapping = paid.Source.Mapping with { Signals = [new SignalColumn(MeanLogProbability, LogProbabilityColumn)] },
                JudgeCosts = ImmutableDictionary<string, double>.Empty,
            },
        };
    }

    private static KnownDataset AutoMix(string part) => new()
    {
        Name = $"automix/{part}",
        Description = "A small model that checks itself and a strong one, answers graded 0 to 1. Costs are units of the publisher's, 5 and 25 a call, "
            + "not dollars; the check is counted as 1 unit.",
        CostsAreDollars = false,
        Source = new OutcomeSource
        {
            Files = [new OutcomeFile("automix_llama8b_gpt5.csv.gz")],
            Mapping = new OutcomeMapping
            {
                Quality = "score",
                CostUsd = "cost_units",
                Task = "dataset",
                Signals = [new SignalColumn("self_verification", "selfver"), new SignalColumn(MeanLogProbability, LogProbabilityColumn)],
            },
            Filters = [new RowFilter("dataset", [part])],
            JudgeCosts = ImmutableDictionary<string, double>.Empty.Add("llama-3.1-8b-instruct", 1),
        },
    };
}
