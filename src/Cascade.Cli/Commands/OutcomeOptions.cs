using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Cascade.Cli.Outcomes;
using Cascade.Datasets;

namespace Cascade.Cli.Commands;

/// <summary>The options that say which outcomes to read and how to divide them.</summary>
internal sealed class OutcomeOptions
{
    public Option<string[]> Outcomes { get; } = new("--outcomes")
    {
        Description = "Recorded outcomes: CSV, JSON lines or Parquet, each also inside gzip. Several files are one data set.",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
    };

    public Option<string[]> Dataset { get; } = new("--dataset")
    {
        Description = $"A published data set by its name, from the folder ${KnownDatasets.FolderVariable}. A wrong name lists the right ones.",
        HelpName = "NAME",
        AllowMultipleArgumentsPerToken = true,
    };

    public Option<string?> Queries { get; } = new("--queries") { Description = "A file with the texts of the queries, joined by id.", HelpName = "FILE" };

    public Option<MappingText> Map { get; } = new("--map")
    {
        Description = $"Which column is what, for example quality=correct,cost=usd. Known are {MappingText.Keys}. With {{model}} in a name: one column per model.",
        HelpName = "PAIRS",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => MappingText.None,
        CustomParser = result => MappingText.Parse(result.Tokens.Select(token => token.Value), result.AddError),
    };

    public Option<ImmutableArray<RowFilter>> Filter { get; } = new("--filter")
    {
        Description = "Takes only rows like COLUMN=VALUE, COLUMN=VALUE|VALUE or COLUMN!=VALUE; all of several.",
        HelpName = "FILTER",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
        CustomParser = ReadFilters,
    };

    public Option<string[]> Models { get; } = new("--models")
    {
        Description = "The models to plan with, separated by commas. Default: all that have an outcome and a cost on nine queries of ten.",
        HelpName = "NAMES",
        AllowMultipleArgumentsPerToken = true,
    };

    public Option<SplitText> Split { get; } = new("--split")
    {
        Description = "Shares of the queries to fit and to choose on; the rest is reported on. Default: 'published', the publisher's parts where there are some and that to fit on has a third of the queries, else 0.4,0.3.",
        HelpName = "SHARES",
        DefaultValueFactory = _ => SplitText.Default,
        CustomParser = result =>
        {
            if (!SplitText.TryParse(result.Tokens[0].Value, out var split))
            {
                result.AddError($"--split is '{result.Tokens[0].Value}'; give two shares above 0 that leave something to report on, for example 0.4,0.3, or {SplitText.Published}");
            }

            return split;
        },
    };

    public Option<ulong> Seed { get; } = new("--seed")
    {
        Description = "Decides the division and whatever is drawn at random: the same seed gives the same result. Default: 42.",
        HelpName = "N",
        DefaultValueFactory = _ => 42,
        CustomParser = result =>
        {
            if (!ulong.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var seed))
            {
                result.AddError($"--seed is '{result.Tokens[0].Value}'; give a whole number of 0 or more");
            }

            return seed;
        },
    };

    /// <summary>Adds the options and their common rules.</summary>
    public void AddTo(Command command, bool severalDatasets = false, Func<CommandResult, bool>? needsNone = null)
    {
        foreach (var option in (Option[])[Outcomes, Dataset, Queries, Map, Filter, Models, Split, Seed])
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            var (files, known) = (result.ValueOrDefault(Outcomes)?.Length ?? 0, result.ValueOrDefault(Dataset)?.Length ?? 0);
            if (files == 0 && known == 0 && needsNone?.Invoke(result) != true)
            {
                result.AddError("--outcomes and --dataset are missing; give --outcomes FILE or --dataset NAME");
            }
            else if (!severalDatasets && (known > 1 || (files > 0 && known > 0)))
            {
                result.AddError("--dataset names more than one data set; this command takes one");
            }
        });
    }

    public OutcomeRequest RequestOf(ParseResult parsed) => new()
    {
        Files = [.. parsed.GetValue(Outcomes) ?? []],
        Known = [.. (parsed.GetValue(Dataset) ?? []).SelectMany(Names)],
        Queries = parsed.GetValue(Queries),
        Mapping = parsed.GetValue(Map) ?? MappingText.None,
        Filters = parsed.GetValue(Filter),
        Models = [.. (parsed.GetValue(Models) ?? []).SelectMany(Names)],
        Split = parsed.GetValue(Split) ?? SplitText.Default,
        Seed = parsed.GetValue(Seed),
    };

    internal static string[] Names(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static ImmutableArray<RowFilter> ReadFilters(ArgumentResult result)
    {
        var filters = ImmutableArray.CreateBuilder<RowFilter>();
        foreach (var token in result.Tokens)
        {
            try
            {
                filters.Add(RowFilter.Parse(token.Value));
            }
            catch (FormatException problem)
            {
                result.AddError($"--filter: {problem.Message}");
            }
        }

        return filters.ToImmutable();
    }
}
