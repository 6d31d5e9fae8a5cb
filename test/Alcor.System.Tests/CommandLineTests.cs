using Alcor.Lab;

namespace Alcor.System.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public async Task Output_exit_code_and_input_are_passed_through()
    {
        var command = new CommandLine("sh", "-c", "cat; echo oops >&2; exit 3") { Input = "hello" };
        var result = await command.ResultAsync(TestContext.Current.CancellationToken);
        Assert.Equal(new CommandResult(3, "hello", "oops\n"), result);
    }

    [Fact]
    public async Task A_command_over_its_time_limit_is_ended()
    {
        var command = new CommandLine("sleep", "600") { TimeLimit = TimeSpan.FromMilliseconds(50) };
        var failure = await Assert.ThrowsAsync<CommandFailedException>(
            () => command.ResultAsync(TestContext.Current.CancellationToken));
        Assert.Contains("sleep 600", failure.Message);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        var failure = await Assert.ThrowsAsync<CommandFailedException>(() => CommandLine.RunAsync("no-such-program"));
        Assert.Contains("no-such-program", failure.Message);
    }
}
