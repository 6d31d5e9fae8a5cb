using Alcor.Server.Identity;
using Microsoft.AspNetCore.Http;

namespace Alcor.Identity.Tests;

/// <summary>How often Keystone is asked, and how long its answers are believed.</summary>
public sealed class TokenCacheTests : IAsyncLifetime
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly SteppedTime time = new();
    private FakeKeystone keystone = null!;
    private UnderTest alcor = null!;

    public async ValueTask InitializeAsync()
    {
        keystone = await FakeKeystone.StartAsync(time);
        alcor = new UnderTest(Options, time);
    }

    public async ValueTask DisposeAsync()
    {
        alcor.Dispose();
        await keystone.DisposeAsync();
    }

    private KeystoneOptions Options => new(keystone.Url, "alcor", FakeKeystone.Password);

    [Fact]
    public async Task A_token_is_asked_about_once_in_the_cache_time()
    {
        var token = keystone.Add("t", Hour, "Member");
        var caller = await alcor.KnownAsync("X-Auth-Token", token);
        Assert.Equal(["member"], caller.Roles);
        Assert.Equal(("user-id", "project-id", "project"), (caller.UserId, caller.ProjectId, caller.ProjectName));
        Assert.False(caller.IsAdmin);
        time.Advance(50 * Second);
        Assert.Same(caller, await alcor.KnownAsync("X-Auth-Token", token));
        Assert.Equal(1, keystone.Shown);
        time.Advance(10 * Second);
        await alcor.KnownAsync("X-Auth-Token", token);
        Assert.Equal(2, keystone.Shown);
        Assert.Equal("?nocatalog", keystone.LastQuery);
    }

    [Fact]
    public async Task A_revoked_token_is_refused_after_the_cache_time_at_the_latest()
    {
        var token = keystone.Add("t", Hour);
        await alcor.KnownAsync("X-Auth-Token", token);
        keystone.Revoke(token);
        await alcor.KnownAsync("X-Auth-Token", token);
        time.Advance(60 * Second);
        await alcor.RefusedAsync("X-Auth-Token", token);
    }

    [Fact]
    public async Task A_token_that_expires_in_the_cache_is_refused_without_asking()
    {
        var token = keystone.Add("t", 30 * Second);
        await alcor.KnownAsync("X-Auth-Token", token);
        time.Advance(31 * Second);
        await alcor.RefusedAsync("X-Auth-Token", token);
        Assert.Equal(1, keystone.Shown);
    }

    [Fact]
    public async Task A_refused_token_is_asked_about_again_after_five_seconds()
    {
        await alcor.RefusedAsync("X-Auth-Token", "t");
        await alcor.RefusedAsync("X-Auth-Token", "t");
        Assert.Equal(1, keystone.Shown);
        keystone.Add("t", Hour);
        time.Advance(5 * Second);
        await alcor.KnownAsync("X-Auth-Token", "t");
    }

    [Fact]
    public async Task The_oldest_of_too_many_tokens_is_forgotten()
    {
        using var small = new UnderTest(Options with { TokenCacheEntries = 2 }, time);
        foreach (var name in (string[])["a", "b", "c"])
            await small.KnownAsync("X-Auth-Token", keystone.Add(name, Hour));
        await small.KnownAsync("X-Auth-Token", "c");
        await small.KnownAsync("X-Auth-Token", "b");
        Assert.Equal(3, keystone.Shown);
        await small.KnownAsync("X-Auth-Token", "a");
        Assert.Equal(4, keystone.Shown);
    }

    [Fact]
    public async Task Invented_tokens_do_not_push_out_good_ones()
    {
        using var small = new UnderTest(Options with { TokenCacheEntries = 1 }, time);
        await small.KnownAsync("X-Auth-Token", keystone.Add("good", Hour));
        for (var i = 0; i < 20; i++)
            await small.RefusedAsync("X-Auth-Token", $"invented-{i}");
        await small.KnownAsync("X-Auth-Token", "good");
        Assert.Equal(21, keystone.Shown);
    }

    [Fact]
    public async Task Without_a_cache_time_each_request_asks()
    {
        using var forgetful = new UnderTest(Options with { TokenCacheTime = TimeSpan.Zero }, time);
        var token = keystone.Add("t", Hour);
        await forgetful.KnownAsync("X-Auth-Token", token);
        await forgetful.KnownAsync("X-Auth-Token", token);
        Assert.Equal(2, keystone.Shown);
    }

    [Fact]
    public async Task Many_who_ask_about_one_token_share_one_question()
    {
        var token = keystone.Add("t", Hour);
        var open = new TaskCompletionSource();
        keystone.Before = async http =>
        {
            if (http.Request.Method == "GET")
                await open.Task;
            return true;
        };
        var asked = Enumerable.Range(0, 200).Select(_ => alcor.KnownAsync("X-Auth-Token", token)).ToList();
        open.SetResult();
        await Task.WhenAll(asked);
        Assert.Equal(1, keystone.Shown);
        Assert.Equal(1, keystone.Issued);
    }

    [Fact]
    public async Task Who_goes_away_does_not_take_the_answer_from_the_others()
    {
        var token = keystone.Add("t", Hour);
        var open = new TaskCompletionSource();
        var reached = new TaskCompletionSource();
        keystone.Before = async http =>
        {
            if (http.Request.Method == "GET")
            {
                reached.TrySetResult();
                await open.Task;
            }
            return true;
        };
        using var gone = new CancellationTokenSource();
        var http = new DefaultHttpContext { RequestAborted = gone.Token };
        http.Request.Headers["X-Auth-Token"] = token;
        var first = alcor.AskAsync(http);
        var second = alcor.KnownAsync("X-Auth-Token", token);
        await reached.Task;
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        open.SetResult();
        await second;
        Assert.Equal(1, keystone.Shown);
    }

    [Fact]
    public async Task A_storm_of_tokens_opens_few_connections()
    {
        var random = Seed.For(nameof(A_storm_of_tokens_opens_few_connections));
        keystone.Before = async _ =>
        {
            await Task.Yield();
            return true;
        };
        var tokens = Enumerable.Range(0, 500).Select(i => keystone.Add($"t{i}-{random.Next()}", Hour)).ToList();
        await Task.WhenAll(tokens.Select(token => alcor.KnownAsync("X-Auth-Token", token)));
        Assert.Equal(500, keystone.Shown);
        Assert.InRange(keystone.Busiest, 1, IdentityLimits.ConnectionsMax);
    }

    [Fact]
    public async Task More_questions_than_may_wait_are_answered_with_503()
    {
        var open = new TaskCompletionSource();
        keystone.Before = async http =>
        {
            await open.Task;
            return true;
        };
        var waiting = Enumerable.Range(0, IdentityLimits.ValidationsMax)
            .Select(i => alcor.RefusedAsync("X-Auth-Token", $"t{i}"))
            .ToList();
        await alcor.UnavailableAsync("X-Auth-Token", "one more");
        open.SetResult();
        await Task.WhenAll(waiting);
    }
}
