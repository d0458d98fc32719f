namespace Cascade.Cli;

/// <summary>How the program ends. Numbers above 2 are those of sysexits, as with the server.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>It ran, and what was measured contradicts what must hold.</summary>
    public const int Contradiction = 1;

    /// <summary>The command line is not understood.</summary>
    public const int BadUsage = 64;

    /// <summary>A file or a recording that is needed is not there or not readable.</summary>
    public const int NoInput = 66;

    /// <summary>The server cannot be reached, or it failed.</summary>
    public const int Unavailable = 69;

    /// <summary>The server refused the key.</summary>
    public const int NoPermission = 77;

    /// <summary>Stopped from outside.</summary>
    public const int Cancelled = 130;

    public const string Help =
        "Exit codes: 0 done, 1 the report contradicts what must hold, 64 bad command line, 66 input missing, 69 server unavailable, "
        + "77 key refused, 130 stopped.";
}
