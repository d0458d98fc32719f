using System.CommandLine;
using System.Text.Json;
using Cascade.Cli.Calibrating;
using Cascade.Cli.Charts;
using Cascade.Cli.Outcomes;
using Cascade.Cli.Progress;

namespace Cascade.Cli.Commands;

internal static class CalibrateCommand
{
    public static Command Build(CliHost host)
    {
        var outcomes = new OutcomeOptions();
        var json = CommonOptions.Json();
        var risk = NumberOptions.Optional("--risk", "RISK", "Finds thresholds that keep the regret of accepted drafts within this.", 0.0001, 0.9999);
        var delta = NumberOptions.Given("--delta", "DELTA", "The probability with which a guarantee may fail.", 0.05, 0.0001, 0.5);
        var reference = new Option<string?>("--reference") { Description = "The model that drafts are compared with. Default: the best one.", HelpName = "MODEL" };
        var folder = new Option<string?>("--out") { Description = "Writes calibration.html and its charts to this folder.", HelpName = "DIR" };
        var command = new Command(
            "calibrate",
            "Compares calibrators of the answers' scores on queries kept apart: expected calibration error, Brier score, and how well scores rank right answers "
            + "and the gain of asking a better model. With --risk, finds thresholds with guarantees: conformal risk control, learn-then-test, and "
            + $"Clopper-Pearson bounds.\n\n{ExitCodes.Help}") { risk, delta, reference, folder, json };
        outcomes.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var request = new CalibrationRequest(parsed.GetValue(risk), parsed.GetValue(delta), parsed.GetValue(reference));
            var study = await StudyAsync(host, outcomes.RequestOf(parsed), request, cancellationToken);
            if (parsed.GetValue(folder) is { } directory)
            {
                await FontCheck.WarnAsync(host);
                await CalibrationWriter.WriteReportAsync(directory, study, cancellationToken);
            }

            if (parsed.GetValue(json))
            {
                await host.Output.WriteLineAsync(JsonSerializer.Serialize(study, CliJson.Options).AsMemory(), cancellationToken);
            }
            else
            {
                CalibrationWriter.Write(host.Terminal, study);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static Task<CalibrationStudy> StudyAsync(
        CliHost host, OutcomeRequest outcomes, CalibrationRequest request, CancellationToken cancellationToken) => WorkProgress.RunAsync(
        host,
        "calibrate",
        async (progress, token) =>
        {
            var loaded = (await OutcomeLoader.LoadAsync(outcomes, progress, token))[0];
            progress.Report(new WorkStep($"fitting calibrators on {loaded.Name}", 0, 1));
            var parts = Fitting.FitWork.Divide(loaded);
            return CalibrationStudy.Of(loaded, parts, request, outcomes.Seed);
        },
        cancellationToken);
}
