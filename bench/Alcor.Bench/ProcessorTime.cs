using System.Diagnostics;

namespace Alcor.Bench;

/// <summary>Processor time of one process, in seconds of one core, user and kernel.</summary>
internal static class ProcessorTime
{
    public static double Of(int processId)
    {
        using var process = Process.GetProcessById(processId);
        return process.TotalProcessorTime.TotalSeconds;
    }

    public static double OfThisProcess() => Of(Environment.ProcessId);
}
