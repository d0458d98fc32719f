namespace Cascade.Providers.Synthetic;

/// <summary>The kinds of word problem. The numbers are drawn so that every step is a whole number above 0.</summary>
internal static class ProblemTemplates
{
    public static IReadOnlyList<string> People { get; } =
        ["Amira", "Bruno", "Chiara", "Dmitri", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Kavya", "Liam", "Mei", "Noor", "Oskar", "Paula"];

    public static IReadOnlyList<ProblemTemplate> All { get; } =
    [
        new("{who} fills {boxes} boxes with {each} marbles each and then gives {given} marbles away. How many marbles does {who} have left?",
            draw => new() { ["boxes"] = draw.Next(3, 12), ["each"] = draw.Next(6, 25), ["given"] = draw.Next(2, 15) },
            new("all", "boxes", '*', "each", "the marbles in all boxes are"),
            new("left", "all", '-', "given", "the marbles that are left are")),
        new("{who} buys {books} notebooks at ${book} each and {pens} pens at ${pen} each, and pays with ${paid}. How many dollars of change are due?",
            draw => new()
            {
                ["books"] = draw.Next(2, 6), ["book"] = draw.Next(2, 7), ["pens"] = draw.Next(2, 8), ["pen"] = draw.Next(1, 4),
                ["paid"] = 10 * draw.Next(8, 12),
            },
            new("first", "books", '*', "book", "the notebooks cost"),
            new("second", "pens", '*', "pen", "the pens cost"),
            new("both", "first", '+', "second", "together that is"),
            new("change", "paid", '-', "both", "the change is")),
        new("A train leaves with {start} passengers. At the first stop {off} get off and {on} get on. At the second stop {more} get on. "
            + "How many passengers are on the train now?",
            draw => new() { ["start"] = draw.Next(60, 240), ["off"] = draw.Next(5, 50), ["on"] = draw.Next(5, 60), ["more"] = draw.Next(3, 40) },
            new("stay", "start", '-', "off", "the passengers who stay are"),
            new("leave", "stay", '+', "on", "after the first stop there are"),
            new("now", "leave", '+', "more", "after the second stop there are")),
        new("A recipe for {batch} muffins takes {flour} grams of flour. {who} has {has} grams of flour and bakes {muffins} muffins. "
            + "How many grams of flour are left?",
            Recipe,
            new("times", "muffins", '/', "batch", "the recipe is made this many times:"),
            new("used", "times", '*', "flour", "the flour that is used weighs"),
            new("left", "has", '-', "used", "the flour that is left weighs")),
        new("A train runs at {speed} kilometres per hour for {hours} hours and then {rest} kilometres more. A bus covers {bus} kilometres on the "
            + "same day. How many kilometres more than the bus does the train cover?",
            draw => new() { ["speed"] = draw.Next(60, 140), ["hours"] = draw.Next(2, 6), ["rest"] = draw.Next(10, 80), ["bus"] = draw.Next(40, 110) },
            new("fast", "speed", '*', "hours", "at full speed the train covers"),
            new("train", "fast", '+', "rest", "in all the train covers"),
            new("more", "train", '-', "bus", "the difference is")),
        new("A book has {pages} pages. {who} reads {daily} pages a day and has been reading for {days} days. How many more days will the rest take?",
            Reading,
            new("read", "daily", '*', "days", "the pages already read are"),
            new("rest", "pages", '-', "read", "the pages still to read are"),
            new("more", "rest", '/', "daily", "the days they take are")),
        new("A farm gathers {morning} eggs in the morning and {evening} eggs in the evening, packs them into cartons of {carton}, and sells "
            + "each carton for ${price}. How many dollars does the farm take?",
            Eggs,
            new("eggs", "morning", '+', "evening", "the eggs of the day are"),
            new("cartons", "eggs", '/', "carton", "the full cartons are"),
            new("money", "cartons", '*', "price", "the cartons bring")),
        new("{who} plants {rows} rows of {tulips} tulips and {lines} rows of {daisies} daisies. Frost kills {dead} plants. How many plants survive?",
            draw => new()
            {
                ["rows"] = draw.Next(3, 9), ["tulips"] = draw.Next(5, 15), ["lines"] = draw.Next(2, 8), ["daisies"] = draw.Next(4, 14),
                ["dead"] = draw.Next(3, 20),
            },
            new("red", "rows", '*', "tulips", "the tulips are"),
            new("white", "lines", '*', "daisies", "the daisies are"),
            new("all", "red", '+', "white", "the plants are"),
            new("alive", "all", '-', "dead", "the plants that survive are")),
        new("{who} saves ${weekly} a week for {weeks} weeks, spends ${spent} on a present, and shares the rest equally among {friends} friends. "
            + "How many dollars does each friend get?",
            Savings,
            new("saved", "weekly", '*', "weeks", "the savings are"),
            new("rest", "saved", '-', "spent", "after the present there remain"),
            new("share", "rest", '/', "friends", "each friend gets")),
        new("{who} earns ${wage} an hour, works {monday} hours on Monday and {tuesday} hours on Tuesday, and pays ${fare} for the bus. "
            + "How many dollars remain?",
            draw => new() { ["wage"] = draw.Next(11, 24), ["monday"] = draw.Next(3, 9), ["tuesday"] = draw.Next(2, 8), ["fare"] = draw.Next(3, 12) },
            new("hours", "monday", '+', "tuesday", "the hours worked are"),
            new("pay", "hours", '*', "wage", "the pay is"),
            new("net", "pay", '-', "fare", "after the bus there remain")),
        new("A tank holds {start} litres. A pump adds {flow} litres a minute for {minutes} minutes, and then {drained} litres are drained. "
            + "How many litres does the tank hold now?",
            draw => new() { ["start"] = draw.Next(40, 200), ["flow"] = draw.Next(4, 19), ["minutes"] = draw.Next(5, 20), ["drained"] = draw.Next(10, 50) },
            new("pumped", "flow", '*', "minutes", "the pump adds"),
            new("full", "start", '+', "pumped", "with that the tank holds"),
            new("now", "full", '-', "drained", "in the end the tank holds")),
        new("A cinema sells {adults} adult tickets at ${adult} and {children} child tickets at ${child}. The film costs ${rent} to show. "
            + "How many dollars does the cinema keep?",
            draw => new()
            {
                ["adults"] = draw.Next(20, 60), ["adult"] = draw.Next(9, 15), ["children"] = draw.Next(10, 50), ["child"] = draw.Next(4, 8),
                ["rent"] = draw.Next(60, 190),
            },
            new("grown", "adults", '*', "adult", "the adults pay"),
            new("small", "children", '*', "child", "the children pay"),
            new("all", "grown", '+', "small", "the tickets bring"),
            new("kept", "all", '-', "rent", "the cinema keeps")),
    ];

    private static Dictionary<string, long> Recipe(SeededDraw draw)
    {
        var (batch, flour, times) = (2 * draw.Next(3, 8), 10 * draw.Next(12, 30), draw.Next(2, 5));
        return new() { ["batch"] = batch, ["flour"] = flour, ["muffins"] = batch * times, ["has"] = (flour * times) + draw.Next(50, 900) };
    }

    private static Dictionary<string, long> Reading(SeededDraw draw)
    {
        var (daily, days) = (draw.Next(12, 40), draw.Next(3, 9));
        return new() { ["daily"] = daily, ["days"] = days, ["pages"] = daily * (days + draw.Next(2, 9)) };
    }

    private static Dictionary<string, long> Eggs(SeededDraw draw)
    {
        var (carton, cartons) = (2 * draw.Next(3, 6), draw.Next(5, 20));
        var morning = draw.Next(10, (carton * cartons) - 10);
        return new() { ["carton"] = carton, ["morning"] = morning, ["evening"] = (carton * cartons) - morning, ["price"] = draw.Next(2, 6) };
    }

    private static Dictionary<string, long> Savings(SeededDraw draw)
    {
        var (weekly, weeks, friends) = (draw.Next(11, 25), draw.Next(4, 9), draw.Next(2, 4));
        return new()
        {
            ["weekly"] = weekly, ["weeks"] = weeks, ["friends"] = friends, ["spent"] = (weekly * weeks) - (friends * draw.Next(3, 10)),
        };
    }
}
