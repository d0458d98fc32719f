namespace Cascade.Cli;

/// <summary>How the program ends. Numbers above 2 are those of sysexits, as with the server.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>It ran, and what was measured contradicts what must hold.</summary>
    public const int Contradiction = 1;

    /// <summary>Two plans decide differently, or two price books charge differently.</summary>
    public const int Different = 1;

    /// <summary>The command line is not understood.</summary>
    public const int BadUsage = 64;

    /// <summary>A file was read, and what it says cannot be used.</summary>
    public const int BadData = 65;

    /// <summary>A file or a recording that is needed is not there or not readable.</summary>
    public const int NoInput = 66;

    /// <summary>The server cannot be reached, or it failed.</summary>
    public const int Unavailable = 69;

    /// <summary>A file cannot be written.</summary>
    public const int NoOutput = 73;

    /// <summary>The server refused the key.</summary>
    public const int NoPermission = 77;

    /// <summary>Stopped from outside.</summary>
    public const int Cancelled = 130;

    public const string Help =
        "Exit codes: 0 done, 1 the report or a ledger contradicts what must hold or two plans or price books differ, 64 bad command line, 65 unusable input, "
        + "66 input missing, 69 server unavailable, 73 output not writable, 77 key refused, 130 stopped.";
}
