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

        if (plan.Models.Count > 0 && plan.Models.Count != config.Stages.Count)
        {
            problems.Add($"{planPath}:{nameof(plan.Models)} has {plan.Models.Count} entries for {config.Stages.Count} stages; give one per stage, or none");
            return;
        }

        if (Load($"{planPath}:{nameof(plan.File)}", plan.File) is not { } policy || Match(planPath, config, policy) is not { } stageOf)
        {
            return;
        }

        var served = new ServedPlan(policy, plan.BudgetUsdPerRequest);
        CheckJudge(path, config, served);
        CheckEstimator($"{planPath}:{nameof(plan.File)} '{plan.File}'", policy);
        _read[path] = (served, stageOf);
    }

    /// <summary>The plan that was checked, and for each of its models the index of the stage.</summary>
    public (ServedPlan Plan, int[] StageOf) Of(string path) => _read[path];

    private PlanPolicy? Load(string path, string file)
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

            return PlanPolicy.Read(File.ReadAllBytes(file));
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
        var names = config.Plan!.Models.Count > 0 ? config.Plan.Models : config.Stages;
        var before = problems.Count;
        foreach (var unknown in names.Where(name => policy.Models.All(model => model.Name != name)))
        {
            problems.Add($"{path}:{nameof(config.Plan.Models)} has '{unknown}', which is no model of the plan"
                + NameSuggestion.For(unknown, policy.Models.Select(model => model.Name)));
        }

        foreach (var missing in policy.Models.Where(model => !names.Contains(model.Name)))
        {
            problems.Add($"{path}: the plan's model '{missing.Name}' has no stage; add its endpoint to {nameof(config.Stages)}, and name it in {nameof(config.Plan.Models)}");
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
        if (signals.Length > 1)
        {
            problems.Add($"{path}:{nameof(config.Plan)} reads the signals {string.Join(", ", signals)}; a route has one judge, so fit a plan on one signal");
        }
        else if (config.Verifier is null && Enumerable.Range(0, served.Policy.Models.Count).Any(m => served.Policy.ReadsScoreOf(m) && served.JudgedSignal(m) is not null))
        {
            problems.Add($"{path}:{nameof(config.Verifier)} is missing; the plan decides by the signal '{signals[0]}', so name the judge that gives it");
        }
    }
}
