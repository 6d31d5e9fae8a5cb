using Alcor.Kernel.Resources;
using Alcor.Policy;
using Microsoft.Extensions.Logging;

namespace Alcor.Server.Tests;

/// <summary>The policy follows its file.</summary>
public sealed class PolicySourceTests : IDisposable
{
    private static readonly Caller Member = new() { ProjectId = "a", Roles = ["member", "reader"] };

    private readonly string _path = Path.GetTempFileName();
    private readonly SteppedTime _time = new();
    private readonly KeptLog _log = new();

    [Fact]
    public void Without_a_file_the_default_rules_are_in_force() =>
        Assert.Same(AccessPolicy.Default, PolicySource.Open(null, _time, _log).Current);

    [Fact]
    public void A_changed_file_is_read_after_a_while()
    {
        Write("get_agent: '@'");
        var source = PolicySource.Open(_path, _time, _log);
        Assert.True(MaySeeAgents(source));
        Write("get_agent: role:admin");
        Assert.True(MaySeeAgents(source));
        _time.Step(ServerLimits.PolicyFileInterval);
        Assert.False(MaySeeAgents(source));
        Assert.Contains("has changed and is in force", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_has_not_changed_keeps_the_policy_and_what_is_known_of_callers()
    {
        Write("get_agent: '@'");
        var source = PolicySource.Open(_path, _time, _log);
        var before = source.Current;
        _time.Step(ServerLimits.PolicyFileInterval);
        Assert.Same(before, source.Current);
    }

    [Theory]
    [InlineData("get_agent: role")]
    [InlineData(null)]
    public void A_file_that_cannot_be_used_changes_nothing_and_is_told_of_once(string? text)
    {
        Write("get_agent: '@'");
        var source = PolicySource.Open(_path, _time, _log);
        if (text is null)
            File.Delete(_path);
        else
            Write(text);
        for (var i = 0; i < 3; i++)
        {
            _time.Step(ServerLimits.PolicyFileInterval);
            Assert.True(MaySeeAgents(source));
        }

        Assert.Contains(_path, Assert.Single(_log.Lines), StringComparison.Ordinal);
        Write("get_agent: role:admin or role:operator");
        _time.Step(ServerLimits.PolicyFileInterval);
        Assert.False(MaySeeAgents(source));
    }

    [Fact]
    public void A_server_does_not_start_with_a_file_that_it_cannot_use()
    {
        Write("get_agent: role");
        var error = Assert.Throws<IOException>(() => PolicySource.Open(_path, _time, _log));
        Assert.StartsWith($"{_path}: rule get_agent: line 1, at 1 of the expression: ", error.Message,
            StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => PolicySource.Open($"{_path}.missing", _time, _log));
    }

    [Fact]
    public async Task The_command_names_what_is_wrong_with_the_file()
    {
        Write("get_agent: role");
        var finished = await Programs.RunAsync(
            Programs.Alcor,
            "serve", "--listen", "http://127.0.0.1:0", "--roles", "api", "--in-memory", "--policy-file", _path);
        Assert.Equal(1, finished.ExitCode);
        Assert.StartsWith($"alcor: {_path}: rule get_agent: ", finished.Error, StringComparison.Ordinal);
    }

    public void Dispose() => File.Delete(_path);

    private static bool MaySeeAgents(PolicySource source) =>
        source.Current.For(Member).AllowsAny(source.Current.Find("get_agent")!) == true;

    private void Write(string text) => File.WriteAllText(_path, text);

    private sealed class SteppedTime : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Step(TimeSpan time) => _now += time.Ticks;
    }

    private sealed class KeptLog : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => Lines.Add(formatter(state, exception));
    }
}
