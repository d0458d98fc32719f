using Spectre.Console;

namespace Cascade.Cli.Progress;

/// <summary>Runs long work beside a display on standard error: a bar in a terminal, a line per stage elsewhere.</summary>
internal static class WorkProgress
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(100);

    public static async Task<T> RunAsync<T>(CliHost host, string title, Func<IProgress<WorkStep>, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        var latest = new LatestStep(title);
        var running = Task.Run(() => work(latest, cancellationToken), cancellationToken);
        await (host.Progress.Profile.Capabilities.Interactive ? ShowBarAsync(host, title, latest, running) : ShowLinesAsync(host, latest, running));
        return await running;
    }

    private static Task ShowBarAsync(CliHost host, string title, LatestStep latest, Task running) => host.Progress
        .Progress()
        .AutoClear(true)
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 24 }, new PercentageColumn())
        .StartAsync(async context =>
        {
            var bar = context.AddTask(Markup.Escape(title));
            for (var goesOn = true; goesOn;)
            {
                goesOn = !running.IsCompleted;
                var step = latest.Step;
                bar.Description = Markup.Escape($"{title}: {step.What}");
                bar.MaxValue = step.Total;
                bar.Value = step.Done;
                if (goesOn)
                {
                    await Task.WhenAny(running, Task.Delay(Refresh, host.Time));
                }
            }
        });

    private static async Task ShowLinesAsync(CliHost host, LatestStep latest, Task running)
    {
        for (var goesOn = true; goesOn;)
        {
            goesOn = !running.IsCompleted;
            while (latest.NextStage() is { } stage)
            {
                await host.Errors.WriteLineAsync($"{latest.Title}: {stage}");
            }

            if (goesOn)
            {
                await Task.WhenAny(running, Task.Delay(Refresh, host.Time));
            }
        }
    }

    private sealed class LatestStep(string title) : IProgress<WorkStep>
    {
        private readonly Lock _gate = new();
        private readonly Queue<string> _stages = new();
        private WorkStep _step = new("starting", 0, 1);

        public string Title => title;

        public WorkStep Step
        {
            get
            {
                lock (_gate)
                {
                    return _step;
                }
            }
        }

        /// <summary>The next stage that was not shown yet.</summary>
        public string? NextStage()
        {
            lock (_gate)
            {
                return _stages.TryDequeue(out var stage) ? stage : null;
            }
        }

        public void Report(WorkStep value)
        {
            lock (_gate)
            {
                if (value.What != _step.What)
                {
                    _stages.Enqueue(value.What);
                }

                _step = value;
            }
        }
    }
}
