using System.Diagnostics;

namespace Alcor.Tidy.Tests;

/// <summary>
/// What "make test" says at its end is what everybody believes, so it is tried on a tree of its own, whose suites are
/// scripts and whose compiler does nothing.
/// </summary>
public sealed class RunnerTests : IDisposable
{
    private const string Passing = "echo fine";
    private readonly string _root = Directory.CreateTempSubdirectory("runner").FullName;

    [Fact]
    public async Task Counts_of_all_suites_are_added_up()
    {
        AddSuite("A", Report(passed: 3, failed: 0, skipped: 0), Passing);
        AddSuite("B", Report(passed: 4, failed: 0, skipped: 0), Passing);
        await RequireAsync(0, "7 passed, 0 failed");
    }

    [Fact]
    public async Task Skipped_tests_are_counted_and_shown_with_their_reason()
    {
        AddSuite("A", Report(passed: 3, failed: 0, skipped: 2), "echo '    A.B.C [SKIP]'; echo '      no root'");
        Assert.Contains("no root", await RequireAsync(0, "3 passed, 0 failed, 2 skipped"));
    }

    [Fact]
    public async Task A_failing_test_fails_the_run_and_is_shown_with_its_output()
    {
        AddSuite("A", Report(passed: 1, failed: 2, skipped: 0), "echo 'seed of X: 7'; exit 1");
        AddSuite("B", Report(passed: 5, failed: 0, skipped: 0), Passing);
        Assert.Contains("seed of X: 7", await RequireAsync(1, "6 passed, 2 failed"));
    }

    [Fact]
    public async Task A_suite_that_crashes_is_a_failure()
    {
        AddSuite("A", report: null, "echo 'Fatal error.'; kill -SEGV $$");
        AddSuite("B", Report(passed: 5, failed: 0, skipped: 0), Passing);
        Assert.Contains("Fatal error.", await RequireAsync(1, "5 passed, 1 failed"));
    }

    [Fact]
    public async Task A_suite_that_reports_success_but_ends_badly_is_a_failure()
    {
        AddSuite("A", Report(passed: 5, failed: 0, skipped: 0), "exit 3");
        Assert.Contains("ended with 3", await RequireAsync(1, "5 passed, 1 failed"));
    }

    [Fact]
    public async Task A_suite_that_does_not_end_is_a_failure()
    {
        AddSuite("A", report: null, "exec sleep 600");
        Assert.Contains("did not end within 1 s", await RequireAsync(1, "0 passed, 1 failed"));
    }

    [Fact]
    public async Task A_suite_that_runs_no_test_is_a_failure()
    {
        AddSuite("A", Report(passed: 0, failed: 0, skipped: 0), Passing);
        Assert.Contains("ran no test", await RequireAsync(1, "0 passed, 1 failed"));
    }

    [Fact]
    public async Task A_suite_that_was_not_built_is_a_failure()
    {
        AddSuite("A", Report(passed: 5, failed: 0, skipped: 0), Passing);
        File.Delete(Path.Combine(_root, "test/A.Tests/bin/Release/net10.0/A.Tests"));
        await RequireAsync(1, "0 passed, 1 failed");
    }

    [Fact]
    public async Task A_build_that_fails_is_a_failure_and_says_why()
    {
        AddSuite("A", Report(passed: 5, failed: 0, skipped: 0), Passing);
        AddScript("tools/dotnet", "echo 'x.cs(1,1): error CS1002: ; expected'; exit 1");
        Assert.Contains("CS1002", await RequireAsync(1, "0 passed, 1 failed"));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static string Report(int passed, int failed, int skipped) =>
        $"""<assemblies><assembly name="A" errors="0" failed="{failed}" passed="{passed}" skipped="{skipped}" />""";

    private void AddSuite(string name, string? report, string script)
    {
        AddFile($"test/{name}.Tests/{name}.Tests.csproj", "");
        // The runner's call is: -noLogo -noColor -xml FILE.
        var write = report is null ? "" : $"echo '{report}' >\"$4\"";
        AddScript($"test/{name}.Tests/bin/Release/net10.0/{name}.Tests", $"{write}\n{script}");
    }

    private void AddScript(string path, string text)
    {
        var file = AddFile(path, $"#!/bin/sh\n{text}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private string AddFile(string path, string text)
    {
        var file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    /// <summary>Runs the real script in the made-up tree and returns everything it printed.</summary>
    private async Task<string> RequireAsync(int exitCode, string lastLine)
    {
        Assert.SkipWhen(!OperatingSystem.IsLinux(), "the runner is a script for Linux");
        AddFile("eng/test.sh", Repository.Read("eng/test.sh").Text);
        AddFile("eng/packages.txt", "# nothing\n");
        if (!File.Exists(Path.Combine(_root, "tools/dotnet")))
            AddScript("tools/dotnet", "exit 0");
        var start = new ProcessStartInfo("bash", [Path.Combine(_root, "eng/test.sh")])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{Path.Combine(_root, "tools")}:{start.Environment["PATH"]}";
        start.Environment["SUITE_SECONDS"] = lastLine.StartsWith('0') ? "1" : "60";
        start.Environment["CONFIGURATION"] = "Release";
        start.Environment.Remove("SUITES");
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine(await error);
        Assert.Equal(lastLine, output.TrimEnd('\n').Split('\n')[^1]);
        Assert.Equal(exitCode, process.ExitCode);
        return output;
    }
}
