namespace Cascade.Providers.Replay;

/// <summary>The files of one recording, and which of their rows belong to it.</summary>
internal sealed record ReplayRecording(string Name, string DataSet, string OutcomesFile, string QueriesFile, string ResponsesFile)
{
    public static IReadOnlyList<ReplayRecording> All { get; } =
    [
        new("zeroeval/gsm", "gsm", "zeroeval.csv.gz", "zeroeval_queries.jsonl.gz", "zeroeval_gsm_responses.jsonl.gz"),
        new("routellm/gsm8k", "gsm8k", "routellm.csv.gz", "routellm_queries.jsonl.gz", "routellm_gsm8k_responses.jsonl.gz"),
        new("openai2021/gsm8k", "gsm8k", "openai2021_gsm8k.csv.gz", "openai2021_gsm8k_queries.jsonl.gz", "openai2021_gsm8k_responses.jsonl.gz"),
    ];

    public static ReplayRecording? Find(string? name) => All.FirstOrDefault(each => each.Name == name);

    /// <summary>The first file of the recording that a folder lacks; null when it has them all.</summary>
    public string? MissingFile(string directory) => new[] { OutcomesFile, QueriesFile, ResponsesFile }
        .Select(file => Path.Combine(directory, file))
        .FirstOrDefault(file => !File.Exists(file));
}
