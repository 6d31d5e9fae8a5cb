namespace Alcor.Simulation.Tests;

public sealed class DeterminismTests
{
    [Fact]
    public void The_same_seed_gives_the_same_world_twice()
    {
        foreach (var seed in (int[])[1, 2, 3, 4, 5, 6, 7, 8])
        {
            var (first, second) = (WorldRun.Of(WorldSettings.For(seed)), WorldRun.Of(WorldSettings.For(seed)));
            Assert.Equal(first.Tail, second.Tail);
            Assert.Equal((first.Hash, first.Steps), (second.Hash, second.Steps));
        }
    }

    [Fact]
    public void Different_seeds_give_different_worlds() =>
        Assert.Equal(8, Enumerable.Range(1, 8).Select(seed =>
            WorldRun.Of(WorldSettings.For(seed)).Hash).Distinct().Count());

    [Fact]
    public void Nothing_leaves_the_thread_of_the_world()
    {
        var scheduler = new Scheduler(random: null);
        Exception? refused = null;
        var other = new Thread(() => refused = Record.Exception(() => scheduler.Post(_ => { }, null)));
        other.Start();
        other.Join();
        Assert.IsType<InvalidOperationException>(refused);
        Assert.False(scheduler.IsBusy);
    }

    [Fact]
    public void Timers_fire_in_order_and_not_once_they_are_changed_or_gone()
    {
        var time = new SimulatedTime();
        var fired = new List<string>();
        time.After(TimeSpan.FromSeconds(2), () => fired.Add("b"));
        time.After(TimeSpan.FromSeconds(1), () => fired.Add("a"));
        time.After(TimeSpan.FromSeconds(2), () => fired.Add("c"));
        var later = time.CreateTimer(_ => fired.Add("late"), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        later.Change(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1));
        time.CreateTimer(_ => fired.Add("never"), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan).Dispose();
        var until = time.GetUtcNow() + TimeSpan.FromSeconds(4);
        while (time.FireNext(until))
        {
            // Each call fires one.
        }
        Assert.Equal(["a", "b", "c", "late", "late"], fired);
        Assert.Equal(until, time.GetUtcNow());
    }
}
