using Alcor.Demo.InMemory;
using Alcor.Lab;

namespace Alcor.Demo;

/// <summary>The demonstration on the in-memory data plane; it needs neither root nor Open vSwitch.</summary>
internal static class MemoryCommand
{
    /// <returns>0: every ping was answered; 1: not.</returns>
    public static async Task<int> RunAsync(Uri listen, bool keep, CancellationToken cancellationToken)
    {
        var report = new Report(Console.Out, TimeProvider.System);
        try
        {
            // Nobody looks at an API that ends with the run, so it takes a free port.
            await using var stage = await MemoryStage.StartAsync(
                keep ? listen : new Uri("http://127.0.0.1:0"), cancellationToken);
            report.Step("the server, and agents of two simulated hosts, alpha and beta, run in this process");
            var story = new Scenario(stage, report, TimeProvider.System).RunAsync(cancellationToken);
            if (await Task.WhenAny(story, stage.Failure) != story)
                await await stage.Failure;
            var passed = await story;
            report.Lines(passed ? "Every ping was answered." : "SOME PINGS WERE LOST.");
            if (keep)
                await KeepAsync(stage.Api.Endpoint, report, cancellationToken);
            return passed ? 0 : 1;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return 1;
        }
        catch (Exception exception) when (exception is DemoFailedException or RequestRefusedException or IOException)
        {
            Console.Error.WriteLine($"The demonstration failed: {exception.Message}");
            return 1;
        }
    }

    private static async Task KeepAsync(Uri api, Report report, CancellationToken cancellationToken)
    {
        report.Lines($"  API             {api}v2.0/", $"  documentation   {api}docs", "Ctrl-C ends it.");
        var ended = new TaskCompletionSource();
        await using var registration = cancellationToken.UnsafeRegister(_ => ended.TrySetResult(), null);
        await ended.Task;
    }
}
