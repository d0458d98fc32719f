using Cascade.TestKit.Worker;

// A program that tests start and kill. First argument: what to do; the rest belongs to it.
return args switch
{
    ["journal", var directory, var memoryMebibytes, var appendLogMebibytes] =>
        await JournalWork.RunAsync(directory, memoryMebibytes, appendLogMebibytes),
    ["hold", var directory] => await HoldWork.RunAsync(directory),
    _ => 64,
};
