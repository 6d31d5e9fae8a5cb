using Alcor.Server.Identity;
using Microsoft.AspNetCore.Http;

namespace Alcor.Identity.Tests;

/// <summary>A Keystone that is down, slow, wrong, or does not know us.</summary>
public sealed class KeystoneFailureTests : IAsyncLifetime
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
    public async Task While_Keystone_is_down_known_tokens_work_until_their_time_and_others_get_503()
    {
        await alcor.KnownAsync("X-Auth-Token", keystone.Add("known", Hour));
        keystone.Add("other", Hour);
        await keystone.StopAsync();
        await alcor.UnavailableAsync("X-Auth-Token", "other");
        await alcor.KnownAsync("X-Auth-Token", "known");
        time.Advance(60 * Second);
        await alcor.UnavailableAsync("X-Auth-Token", "known");
        await keystone.StartAgainAsync();
        await alcor.KnownAsync("X-Auth-Token", "known");
        await alcor.KnownAsync("X-Auth-Token", "other");
        Assert.Equal(2, alcor.Log.Lines.Count);
        Assert.StartsWith("Error: Keystone cannot be asked", alcor.Log.Lines.First(), StringComparison.Ordinal);
        Assert.StartsWith("Warning: Keystone answers again", alcor.Log.Lines.Last(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task What_passes_is_tried_again(int status)
    {
        var left = IdentityLimits.AttemptsMax - 1;
        keystone.Before = http =>
        {
            if (http.Request.Method == "POST" || Interlocked.Decrement(ref left) < 0)
                return Task.FromResult(true);
            http.Response.StatusCode = status;
            return Task.FromResult(false);
        };
        await alcor.KnownAsync("X-Auth-Token", keystone.Add("t", Hour));
        Assert.Equal(IdentityLimits.AttemptsMax, keystone.Shown);
    }

    [Fact]
    public async Task A_connection_that_breaks_is_tried_again()
    {
        var left = 1;
        keystone.Before = http =>
        {
            if (Interlocked.Decrement(ref left) < 0)
                return Task.FromResult(true);
            http.Abort();
            return Task.FromResult(false);
        };
        await alcor.KnownAsync("X-Auth-Token", keystone.Add("t", Hour));
    }

    [Fact]
    public async Task Tries_are_bounded()
    {
        keystone.Before = http =>
        {
            http.Response.StatusCode = http.Request.Method == "POST" ? 201 : 503;
            return Task.FromResult(http.Request.Method == "POST");
        };
        await alcor.UnavailableAsync("X-Auth-Token", "t");
        Assert.Equal(IdentityLimits.AttemptsMax, keystone.Shown);
    }

    [Theory]
    [InlineData(200, "")]
    [InlineData(200, "[]")]
    [InlineData(200, """{"token": {"user": {"id": "u"}, "roles": [{"name": 3}], "expires_at": "2050-01-01T00:00Z"}}""")]
    [InlineData(200, """{"token": {"user": {"id": "u"}, "roles": [], "expires_at": "soon"}}""")]
    [InlineData(200, """{"token": {"roles": [], "expires_at": "2050-01-01T00:00:00Z"}}""")]
    [InlineData(302, "")]
    [InlineData(403, "")]
    [InlineData(500, "")]
    public async Task An_answer_that_says_nothing_is_no_answer(int status, string body)
    {
        keystone.Before = async http =>
        {
            if (http.Request.Method == "POST")
                return true;
            http.Response.StatusCode = status;
            http.Response.Headers.Location = $"{keystone.Url}v3/auth/tokens";
            await http.Response.WriteAsync(body);
            return false;
        };
        await alcor.UnavailableAsync("X-Auth-Token", keystone.Add("t", Hour));
        Assert.Equal(1, keystone.Shown);
    }

    [Fact]
    public async Task Our_own_token_is_renewed_before_it_expires()
    {
        keystone.ServiceTokenLife = 40 * Second;
        await alcor.RefusedAsync("X-Auth-Token", "a");
        time.Advance(29 * Second);
        await alcor.RefusedAsync("X-Auth-Token", "b");
        Assert.Equal(1, keystone.Issued);
        time.Advance(1 * Second);
        await alcor.RefusedAsync("X-Auth-Token", "c");
        Assert.Equal(2, keystone.Issued);
        Assert.Equal(3, keystone.Shown);
    }

    [Fact]
    public async Task Our_own_token_is_replaced_when_Keystone_does_not_know_it()
    {
        await alcor.RefusedAsync("X-Auth-Token", "a");
        keystone.RevokeAll();
        await alcor.KnownAsync("X-Auth-Token", keystone.Add("t", Hour));
        Assert.Equal(2, keystone.Issued);
    }

    [Fact]
    public async Task Refused_credentials_are_tried_again_only_after_a_while()
    {
        using var stranger = new UnderTest(Options with { Password = "wrong" }, time);
        await stranger.UnavailableAsync("X-Auth-Token", "a");
        await stranger.UnavailableAsync("X-Auth-Token", "b");
        Assert.Equal((1, 0), (keystone.Issued, keystone.Shown));
        time.Advance(5 * Second);
        await stranger.UnavailableAsync("X-Auth-Token", "c");
        Assert.Equal(2, keystone.Issued);
        var line = Assert.Single(stranger.Log.Lines);
        Assert.Contains("401 to the user alcor of the project service", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_that_is_secret_is_logged()
    {
        var token = keystone.Add("gAAAAABsecret", Hour);
        await alcor.KnownAsync("X-Auth-Token", token, "X-Service-Token", token);
        await alcor.RefusedAsync("X-Auth-Token", "unknown-secret");
        await keystone.StopAsync();
        await alcor.UnavailableAsync("X-Auth-Token", "other-secret");
        Assert.Single(alcor.Log.Lines);
        Assert.DoesNotContain(alcor.Log.Lines, line =>
            line.Contains("secret", StringComparison.Ordinal)
            || line.Contains("service-1", StringComparison.Ordinal)
            || line.Contains(FakeKeystone.Password, StringComparison.Ordinal));
        Assert.DoesNotContain(FakeKeystone.Password, $"{Options}", StringComparison.Ordinal);
    }
}
