using System.CommandLine;
using System.Globalization;

namespace Cascade.Cli.Commands;

/// <summary>Options that take a number with a fraction.</summary>
internal static class NumberOptions
{
    public static Option<double?> Optional(string name, string helpName, string description, double least, double most) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !(number >= least && number <= most))
            {
                result.AddError($"{name} is '{text}'; give a number from {Text(least)} to {Text(most)}, with a point as decimal sign");
            }

            return number;
        },
    };

    public static Option<double> Given(string name, string helpName, string description, double standard, double least, double most) => new(name)
    {
        Description = $"{description} Default: {Text(standard)}.",
        HelpName = helpName,
        DefaultValueFactory = _ => standard,
        CustomParser = Optional(name, helpName, description, least, most).CustomParser is { } parse ? result => parse(result) ?? standard : null,
    };

    public static Option<double?> Budget() => Optional("--budget-usd", "X", "A budget in dollars per request.", 0, 1e6);

    public static Option<double?> Floor() => Optional("--floor", "Q", "A mean quality to reach at the lowest cost, 0 to 1.", 0, 1);

    private static string Text(double value) => value.ToString("G", CultureInfo.InvariantCulture);
}
