using System.Security.Cryptography;
using Cascade.Grains.Model;
using Cascade.Planning.Plans;

namespace Cascade.Grains.Configuration;

/// <summary>Reads the plan that a route serves and matches its models with the route's stages.</summary>
internal sealed class PlanReader(List<string> problems)
{
    private readonly Dictionary<string, (ServedPlan Plan, int[] StageOf)> _read = new(StringComparer.Ordinal);

    /// <summary>Checks everything that a plan needs of its route; reads the file.</summary>
    public void Check(string path, RouteConfig config)
    {
        var plan = config.Plan!;
        var planPath = $"{path}:{nameof(config.Plan)}";
        if (plan.BudgetUsdPerRequest is { } budget)
        {
            problems.AddRange(SettingChecks.Within($"{planPath}:{nameof(plan.BudgetUsdPerRequest)}", budget, 0, 1e9));
        }

        if (config.Calibration.Count > 0)
        {
            problems.Add($"{path}:{nameof(config.Calibration)} is set beside a plan; the plan scores answers, so remove it");
        }

        if (config.Threshold is not null)
        {
            problems.Add($"{path}:{nameof(config.Threshold)} is set beside a plan; the plan has its own thresholds, so remove it");
        }

        if (plan.Models.Count > 0 && plan.Models.Count != config.Stages.Count)
        {
            problems.Add($"{planPath}:{nameof(plan.Models)} has {plan.Models.Count} entries for {config.Stages.Count} stages; give one per stage, or none");
            return;
        }

        if (Load($"{planPath}:{nameof(plan.File)}", plan.File) is not var (policy, sha256) || Match(path, config, policy) is not { } stageOf)
        {
            return;
        }

        var served = new ServedPlan(policy, plan.BudgetUsdPerRequest, sha256);
        CheckJudge(path, config, served);
        CheckEstimator($"{planPath}:{nameof(plan.File)} '{plan.File}'", policy);
        _read[path] = (served, stageOf);
    }

    /// <summary>The plan that was checked, and for each of its models the index of the stage.</summary>
    public (ServedPlan Plan, int[] StageOf) Of(string path) => _read[path];

    private (PlanPolicy Policy, string Sha256)? Load(string path, string file)
    {
        if (string.IsNullOrWhiteSpace(file))
        {
            problems.Add($"{path} is empty; name the file with the plan");
            return null;
        }

        try
        {
            var length = new FileInfo(file).Length;
            if (length > PlanJson.DefaultMaxBytes)
            {
                problems.Add($"{path} '{file}' has {length} bytes where {PlanJson.DefaultMaxBytes} are read; fit with fewer points or neighbours");
                return null;
            }

            var bytes = File.ReadAllBytes(file);
            return (PlanPolicy.Read(bytes), Convert.ToHexStringLower(SHA256.HashData(bytes)));
        }
        catch (PlanFormatException unsound)
        {
            problems.AddRange(unsound.Problems.Select(problem => $"{path} '{file}' {problem.Path}: {problem.Message}"));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problems.Add($"{path} '{file}' cannot be read: {unreadable.Message}; name a file that can");
        }

        return null;
    }

    private int[]? Match(string path, RouteConfig config, PlanPolicy policy)
    {
        var named = config.Plan!.Models.Count > 0;
        var modelsKey = $"{nameof(config.Plan)}:{nameof(config.Plan.Models)}";
        var (key, names) = named ? (modelsKey, config.Plan.Models) : (nameof(config.Stages), config.Stages);
        var before = problems.Count;
        foreach (var unknown in names.Where(name => policy.Models.All(model => model.Name != name)))
        {
            problems.Add($"{path}:{key} has '{unknown}', which is no model of the plan"
                + (NameSuggestion.For(unknown, policy.Models.Select(model => model.Name)) is { Length: > 0 } near
                    ? near
                    : named ? "" : $"; set {modelsKey} to the plan's name of each stage's model"));
        }

        foreach (var twice in config.Plan.Models.GroupBy(name => name).Where(group => group.Count() > 1))
        {
            problems.Add($"{path}:{key} has '{twice.Key}' {twice.Count()} times; a model of the plan has one stage, so name each once");
        }

        foreach (var missing in policy.Models.Where(model => !names.Contains(model.Name)))
        {
            problems.Add($"{path}:{key} lacks the plan's model '{missing.Name}'; add its endpoint to {nameof(config.Stages)}, and its name to {modelsKey} when that is set");
        }

        return problems.Count > before ? null : [.. policy.Models.Select(model => names.IndexOf(model.Name))];
    }

    // An estimator that misses what it was trained on falls back to averages, and no figure of the plan holds any more.
    private void CheckEstimator(string path, PlanPolicy policy)
    {
        if (policy.Plan.Estimator?.Reads is not { } reads)
        {
            return;
        }

        List<string> missing = [.. reads.Features.Select(name => $"the feature '{name}'")];
        if (reads.InputTokens)
        {
            missing.Insert(0, "the input tokens before a call");
        }

        if (reads.Task)
        {
            missing.Insert(0, "the task");
        }

        if (missing.Count > 0)
        {
            problems.Add($"{path} $.estimator reads {string.Join(", ", missing)}, and a request has its text alone; fit the plan again without --offline-facts");
        }
    }

    private void CheckJudge(string path, RouteConfig config, ServedPlan served)
    {
        var signals = served.JudgedSignals();
        var isRead = Enumerable.Range(0, served.Policy.Models.Count).Any(m => served.Policy.ReadsScoreOf(m) && served.JudgedSignal(m) is not null);
        if (signals.Length > 1)
        {
            problems.Add($"{path}:{nameof(config.Plan)} reads the signals {string.Join(", ", signals)}; a route has one judge, so fit a plan on one signal");
        }
        else if (isRead && config.Verifier is null)
        {
            problems.Add($"{path}:{nameof(config.Verifier)} is missing; the plan decides by the signal '{signals[0]}', so name the judge that gives it");
        }
        else
        {
            CheckSignal(path, config, isRead ? signals[0] : null);
        }
    }

    // A threshold that was fitted on one score means nothing on another, and both are numbers within 0 to 1: only a name can tell them apart.
    private void CheckSignal(string path, RouteConfig config, string? read)
    {
        var key = $"{path}:{nameof(config.Plan)}:{nameof(config.Plan.Signal)}";
        var claimed = config.Plan!.Signal;
        if (read is null)
        {
            if (claimed.Length > 0)
            {
                problems.Add($"{key} is '{claimed}', but the plan decides by no judge's signal; remove it");
            }
        }
        else if (claimed.Length == 0 && config.Verifier!.Kind != read)
        {
            problems.Add($"{key} is missing; the plan decides by the signal '{read}' and the route's judge is '{config.Verifier.Kind}': set it to '{read}' "
                + "if that signal was recorded with this judge, else name the judge that gives it or fit on this judge's scores");
        }
        else if (claimed.Length > 0 && claimed != read)
        {
            problems.Add($"{key} is '{claimed}', but the plan decides by the signal '{read}'; name the judge that gives '{read}', or serve a plan that was fitted on '{claimed}'");
        }
    }
}
