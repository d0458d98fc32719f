using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Cascade.Cli.Progress;
using Cascade.Planning.Pacing.Simulation;

namespace Cascade.Cli.Pacing;

/// <summary>What came of every pacer.</summary>
internal sealed record PaceStudy
{
    public required string Dataset { get; init; }

    public required double BudgetUsd { get; init; }

    public required double PlanUsd { get; init; }

    public required int Requests { get; init; }

    public required ArrivalKind Arrivals { get; init; }

    public required int Runs { get; init; }

    /// <summary>λ that the budget needs by what was learned beforehand; null when no price is high enough.</summary>
    public double? ScheduledPrice { get; init; }

    public required ImmutableArray<PacerResult> Pacers { get; init; }

    [JsonIgnore]
    public bool CostsAreDollars { get; init; } = true;

    public static PaceStudy Of(PaceInput input, PaceRequest request, IProgress<WorkStep> progress, CancellationToken cancellationToken)
    {
        var requests = request.Requests ?? input.Rows.RowCount;
        var total = request.TotalUsd ?? (request.BudgetUsd!.Value * requests);
        var arrivals = new ArrivalProcess { Kind = request.Arrivals };
        var results = ImmutableArray.CreateBuilder<PacerResult>();
        for (var i = 0; i < request.Pacers.Length; i++)
        {
            var runs = new List<PacingRun>();
            for (var run = 0; run < request.Runs; run++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress.Report(new WorkStep($"running {request.Pacers[i]}", (i * request.Runs) + run, request.Pacers.Length * request.Runs));
                runs.Add(Run(input, request, request.Pacers[i], total, requests, arrivals, request.Seed + (ulong)run));
            }

            results.Add(PacerResult.Of(request.Pacers[i], runs, requests));
        }

        var price = input.Schedule.PriceAt(total / requests);
        return new PaceStudy
        {
            Dataset = input.Dataset,
            CostsAreDollars = input.CostsAreDollars,
            BudgetUsd = total,
            PlanUsd = total / requests,
            Requests = requests,
            Arrivals = request.Arrivals,
            Runs = request.Runs,
            ScheduledPrice = double.IsFinite(price) ? price : null,
            Pacers = results.ToImmutable(),
        };
    }

    private static PacingRun Run(PaceInput input, PaceRequest request, string name, double total, int requests, ArrivalProcess arrivals, ulong seed)
    {
        var (pacer, rule, start) = PacerSet.Of(name, input, total, requests, arrivals);
        var scenario = new PacingScenario
        {
            BudgetUsd = total,
            Requests = requests,
            Seed = seed,
            Arrivals = arrivals,
            InFlight = request.InFlight,
            StartPrice = Math.Min(start, pacer.MaxPrice),
            Rest = input.Rest,
        };
        return PacingSimulator.Run(input.Rows, scenario, pacer, rule);
    }
}

/// <summary>Means over the runs of a pacer.</summary>
internal sealed record PacerResult
{
    public required string Pacer { get; init; }

    public required double MeanQuality { get; init; }

    /// <summary>Standard error of the mean over runs; null with one run.</summary>
    public double? QualityError { get; init; }

    public required double Utilisation { get; init; }

    public required double RefusedShare { get; init; }

    public required double DowngradedShare { get; init; }

    public required double MeanPrice { get; init; }

    /// <summary>The first run over time.</summary>
    public required ImmutableArray<PacingPoint> Series { get; init; }

    public static PacerResult Of(string name, IReadOnlyList<PacingRun> runs, int requests)
    {
        var mean = runs.Average(r => r.MeanQuality);
        return new PacerResult
        {
            Pacer = name,
            MeanQuality = mean,
            QualityError = runs.Count > 1 ? Math.Sqrt(runs.Sum(r => Math.Pow(r.MeanQuality - mean, 2)) / (runs.Count - 1) / runs.Count) : null,
            Utilisation = runs.Average(r => r.Utilisation),
            RefusedShare = runs.Average(r => (double)(r.Refused + r.Declined) / requests),
            DowngradedShare = runs.Average(r => (double)r.Downgraded / requests),
            MeanPrice = runs.Average(r => r.MeanPrice),
            Series = runs[0].Series,
        };
    }
}
