using System.Collections.Immutable;
using Cascade.Grains.Model;
using Cascade.Planning.Calibration;
using Cascade.Planning.Decisions;
using Cascade.Planning.Strategies;
using Cascade.Verification;

namespace Cascade.Grains.Configuration;

/// <summary>Checks configured routes and turns them into their models.</summary>
internal sealed class RouteReader(List<string> problems, IReadOnlySet<string> endpoints, bool readsPlans)
{
    /// <summary>The strategy of a route that serves a fitted plan.</summary>
    internal const string PlanStrategy = "plan";

    private const double MostCostWeight = 1e9;

    private const double NanosPerDollar = 1e9;

    private readonly PlanReader _plans = new(problems);

    public void Check(string path, RouteConfig config)
    {
        CheckStages($"{path}:{nameof(config.Stages)}", config.Stages);
        if (config.Verifier is { } verifier)
        {
            problems.AddRange(VerifierConfigValidator.Check($"{path}:{nameof(config.Verifier)}", verifier, endpoints));
        }

        if (config.Strategy == PlanStrategy || config.Plan is not null)
        {
            CheckPlan(path, config);
        }
        else if (StrategyCatalog.Find(config.Strategy) is null)
        {
            string[] names = [.. StrategyCatalog.Names, PlanStrategy];
            problems.Add($"{path}:{nameof(config.Strategy)} is '{config.Strategy}'; use one of {string.Join(", ", names)}{NameSuggestion.For(config.Strategy, names)}");
        }
        else if (config.Strategy == ThresholdPairStrategy.StrategyName && config.Verifier is null)
        {
            problems.Add($"{path}:{nameof(config.Verifier)} is missing; {config.Strategy} decides by a judge's score, so name one");
        }

        if (config.Threshold is { } threshold)
        {
            problems.AddRange(SettingChecks.Within($"{path}:{nameof(config.Threshold)}", threshold, 0, 1));
        }

        problems.AddRange(SettingChecks.Within($"{path}:{nameof(config.CostWeight)}", config.CostWeight, 0, MostCostWeight));
        if (config.Calibration.Count > 0)
        {
            Try<ScoreCalibration>(path, nameof(config.Calibration), () => Calibration(config));
        }
    }

    /// <returns>The model, or null when the strategy does not take these stages.</returns>
    public RouteModel? Build(string path, string name, RouteConfig config, Func<string, StageModel> stageOf)
    {
        ImmutableArray<StageModel> stages = [.. config.Stages.Select(stageOf)];
        if (config.Plan is not null)
        {
            var (plan, places) = _plans.Of(path);
            return new RouteModel
            {
                Name = name,
                Stages = [.. places.Select(place => stages[place])],
                Policy = plan.Policy,
                Plan = plan,
                Verifier = config.Verifier is { } judge ? VerifierFactory.Create(judge) : null,
                Calibration = null,
                CostWeight = config.CostWeight,
            };
        }

        var policy = Try(path, nameof(config.Stages), () => StrategyCatalog.Find(config.Strategy)!.Fit(new StrategyInput
        {
            Models = [.. stages.Select(ToProfile)],
            Threshold = config.Threshold ?? RouteConfig.DefaultThreshold,
        }));
        return policy is null ? null : new RouteModel
        {
            Name = name,
            Stages = stages,
            Policy = policy,
            Verifier = config.Verifier is { } verifier ? VerifierFactory.Create(verifier) : null,
            Calibration = Calibration(config),
            CostWeight = config.CostWeight,
        };
    }

    private void CheckPlan(string path, RouteConfig config)
    {
        if (config.Strategy != PlanStrategy)
        {
            problems.Add($"{path}:{nameof(config.Plan)} is set, but {nameof(config.Strategy)} is '{config.Strategy}'; make it {PlanStrategy}, or remove the plan");
        }
        else if (config.Plan is null)
        {
            problems.Add($"{path}:{nameof(config.Plan)}:{nameof(PlanConfig.File)} is missing; name the file with the plan");
        }
        else if (readsPlans)
        {
            _plans.Check(path, config);
        }
    }

    private void CheckStages(string path, List<string> stages)
    {
        if (stages.Count == 0)
        {
            problems.Add($"{path} is empty; name at least one endpoint");
        }

        for (var i = 0; i < stages.Count; i++)
        {
            if (!endpoints.Contains(stages[i]))
            {
                problems.Add($"{path}:{i} is '{stages[i]}', which is no configured endpoint{NameSuggestion.For(stages[i], endpoints)}");
            }
            else if (stages.IndexOf(stages[i]) < i)
            {
                problems.Add($"{path}:{i} is '{stages[i]}' again; a route tries each endpoint once, so remove it");
            }
        }
    }

    private T? Try<T>(string path, string key, Func<T?> build)
        where T : class
    {
        try
        {
            return build();
        }
        catch (ArgumentException refused)
        {
            problems.Add($"{path}:{key}: {refused.Message}");
            return null;
        }
    }

    private static ScoreCalibration? Calibration(RouteConfig config) => config.Calibration.Count == 0
        ? null
        : new ScoreCalibration([.. config.Calibration.Select(point => new CalibrationPoint(point.Score, point.Probability))]);

    private static ModelProfile ToProfile(StageModel stage) => new()
    {
        Name = stage.Id.Value,
        Quality = stage.Quality,
        CostUsd = stage.ExpectedCostNanos / NanosPerDollar,
    };
}
