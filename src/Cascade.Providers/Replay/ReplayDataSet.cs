using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Cascade.Providers.Replay;

/// <summary>
/// A recording: its questions, and for each model which of them it answered right. Thread-safe. Holds the grades (a few MB at most);
/// texts are read model by model with <see cref="LoadAnswersAsync"/>.
/// </summary>
public sealed class ReplayDataSet
{
    private readonly ReplayFiles _files;
    private readonly FrozenDictionary<string, FrozenDictionary<string, Outcome>> _outcomes;
    private readonly FrozenDictionary<string, ReplayQuestion> _byText;

    private ReplayDataSet(ReplayFiles files)
    {
        _files = files;
        Questions = [.. files.Questions()];
        _outcomes = files.Outcomes().GroupBy(outcome => outcome.Model)
            .ToFrozenDictionary(group => group.Key, group => group.ToFrozenDictionary(outcome => outcome.QuestionId));
        Models = [.. _outcomes.Keys.Order(StringComparer.Ordinal)];
        _byText = Questions.SelectMany(question => new[] { question.Text, question.Prompt }.Distinct(), (question, text) => (question, text))
            .DistinctBy(pair => QuestionText.Normalize(pair.text))
            .ToFrozenDictionary(pair => QuestionText.Normalize(pair.text), pair => pair.question);
    }

    /// <summary>The names of the recordings that can be loaded.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ReplayRecording.All.Select(recording => recording.Name)];

    /// <summary>The recording's name.</summary>
    public string Name => _files.Recording.Name;

    /// <summary>All questions, in the order of the recording.</summary>
    public ImmutableArray<ReplayQuestion> Questions { get; }

    /// <summary>All graded models, in ordinal order. Not every one has texts, see <see cref="LoadAnswersAsync"/>.</summary>
    public ImmutableArray<string> Models { get; }

    /// <summary>Loads a recording.</summary>
    /// <param name="directory">The folder with the recordings; null for the default, see <see cref="ReplayDirectory.Resolve"/>.</param>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="cancellationToken">Stops the waiting, not the reading.</param>
    /// <returns>The recording.</returns>
    /// <exception cref="ReplayDataException">The recording is unknown, missing or broken; the message says what to repair.</exception>
    public static async Task<ReplayDataSet> LoadAsync(string? directory, string name, CancellationToken cancellationToken)
    {
        var recording = ReplayRecording.Find(name)
            ?? throw new ReplayDataException($"The recording \"{name}\" is unknown; use one of: {string.Join(", ", Names)}.");
        var files = new ReplayFiles(ReplayDirectory.Resolve(directory), recording);
        return await Task.Run(() => new ReplayDataSet(files), cancellationToken).WaitAsync(cancellationToken);
    }

    /// <summary>Whether the recording is there to be loaded.</summary>
    /// <param name="directory">The folder with the recordings; null for the default.</param>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <returns>False when the name is unknown, or a file is missing.</returns>
    public static bool Exists(string? directory, string name) =>
        ReplayRecording.Find(name)?.MissingFile(ReplayDirectory.Resolve(directory)) is null && ReplayRecording.Find(name) is not null;

    /// <summary>Finds a question by what was asked: the bare question, or the recorded prompt.</summary>
    /// <param name="text">What was asked; white space, quotation marks and letter case do not matter.</param>
    /// <returns>The question; null when it was not recorded.</returns>
    public ReplayQuestion? Find(string text) => _byText.GetValueOrDefault(QuestionText.Normalize(text));

    /// <summary>Whether a model's recorded answer is right.</summary>
    /// <param name="model">One of <see cref="Models"/>.</param>
    /// <param name="questionId">A question's id.</param>
    /// <returns>Null when the model was not recorded on that question.</returns>
    public bool? IsCorrect(string model, string questionId) =>
        _outcomes.TryGetValue(model, out var outcomes) && outcomes.TryGetValue(questionId, out var outcome) ? outcome.Correct : null;

    /// <summary>Reads the recorded answers of one model, about 2 MB for a thousand questions.</summary>
    /// <param name="model">The model.</param>
    /// <param name="cancellationToken">Stops the waiting, not the reading.</param>
    /// <returns>Answers by question id; empty when the recording has no texts or no token counts of that model.</returns>
    /// <exception cref="ReplayDataException">The recording is broken.</exception>
    public async Task<IReadOnlyDictionary<string, ReplayAnswer>> LoadAnswersAsync(string model, CancellationToken cancellationToken)
    {
        var outcomes = _outcomes.GetValueOrDefault(model, FrozenDictionary<string, Outcome>.Empty);
        return await Task.Run(() => Answers(model, outcomes), cancellationToken).WaitAsync(cancellationToken);
    }

    private FrozenDictionary<string, ReplayAnswer> Answers(string model, FrozenDictionary<string, Outcome> outcomes)
    {
        var answers = new Dictionary<string, ReplayAnswer>();
        foreach (var (id, text) in _files.Responses(model))
        {
            if (outcomes.TryGetValue(id, out var outcome) && outcome is { InputTokens: { } input, OutputTokens: { } output })
                answers[id] = new ReplayAnswer { Text = text, InputTokens = input, OutputTokens = output, Correct = outcome.Correct };
        }

        return answers.ToFrozenDictionary();
    }
}
