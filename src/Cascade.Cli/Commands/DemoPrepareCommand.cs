using System.CommandLine;
using Cascade.Cli.Demo;
using Cascade.Cli.Demo.Preparing;

namespace Cascade.Cli.Commands;

internal static class DemoPrepareCommand
{
    public const string DefaultFolder = "./data/demo";
    public const string BaseUrlVariable = "OPENAI_BASE_URL";
    public const int MaxLiveQuestions = 100;

    public static Command Build(CliHost host)
    {
        var source = new Option<string>("--source")
        {
            Description = "Who answers: replay (recordings of real models), synthetic (this project's own solvers) or live (a real provider).",
            HelpName = "SOURCE",
            Required = true,
        };
        source.AcceptOnlyFromAmong([.. DemoSources.Names]);
        var questions = CommonOptions.Whole("--questions", "N", "Questions that each tenant asks.", 200, 20, 600);
        var config = CommonOptions.Text("--config", "FILE", "The server's configuration. Default: deploy/demo/SOURCE.json.", "");
        var folder = CommonOptions.Text("--data", "DIR", "Where the plan, the keys and the server's accounts are written.", DefaultFolder);
        var command = new Command(
            "prepare",
            "Chooses the questions, sets the caps of the three tenants by what those questions cost, makes their keys, and writes four files: "
            + $"{DemoPlan.FileName}, {DemoPlan.ServerFileName} (start the server with --config SOURCE.json --config {DemoPlan.ServerFileName}), "
            + $"{DemoPlan.KeysFileName} (readable by you only) and {DemoPlan.QuestionFileName} (a request to try by hand). A live run takes its provider from {BaseUrlVariable}, asks at most {MaxLiveQuestions} questions, and "
            + $"its caps add up to $0.10.\n\n{ExitCodes.Help}") { source, questions, config, folder };
        command.Validators.Add(result =>
        {
            if (result.GetValue(source) == "live" && result.GetValue(questions) > MaxLiveQuestions)
            {
                result.AddError($"--questions is {result.GetValue(questions)}; a live run asks at most {MaxLiveQuestions}, so give fewer");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var name = parsed.GetRequiredValue(source);
            var path = parsed.GetValue(config) is { Length: > 0 } given ? given : Path.Combine("deploy", "demo", $"{name}.json");
            var plan = await PrepareAsync(Enum.Parse<DemoSource>(name, ignoreCase: true), path, parsed.GetValue(questions), parsed.GetValue(folder)!, cancellationToken);
            await host.Output.WriteLineAsync(Summary(plan).AsMemory(), cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<DemoPlan> PrepareAsync(DemoSource source, string config, int count, string folder, CancellationToken cancellationToken)
    {
        var setup = DemoSetup.Read(config);
        var workload = await WorkloadLoader.LoadAsync(source, setup, count, cancellationToken);
        var caps = TenantCaps.For(workload);
        var plan = new DemoPlan
        {
            Source = source,
            Config = Path.GetFullPath(config),
            Questions = count,
            Tenants = [new(DemoPlan.Rich, caps.Rich), new(DemoPlan.Tight, caps.Tight), new(DemoPlan.RunsOut, caps.RunsOut)],
        };
        DemoFiles.Write(folder, plan, workload, source == DemoSource.Live ? Environment.GetEnvironmentVariable(BaseUrlVariable) : null);
        return plan;
    }

    private static string Summary(DemoPlan plan)
    {
        var decimals = Usd.Decimals(plan.Tenants.Select(tenant => tenant.CapNanos));
        return $"{plan.Questions} questions for each of: "
            + string.Join(", ", plan.Tenants.Select(tenant => $"{tenant.Name} (cap {Usd.Show(tenant.CapNanos, decimals)})"));
    }
}
