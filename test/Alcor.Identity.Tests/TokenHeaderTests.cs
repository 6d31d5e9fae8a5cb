using Alcor.Server.Identity;

namespace Alcor.Identity.Tests;

/// <summary>Which headers are looked at, and what a service's token does.</summary>
public sealed class TokenHeaderTests : IAsyncLifetime
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Past = TimeSpan.FromSeconds(-1);
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

    [Theory]
    [InlineData]
    [InlineData("X-Auth-Token", "")]
    [InlineData("X-Auth-Token", "  ")]
    [InlineData("X-Auth-Token", "", "X-Storage-Token", "good")]
    [InlineData("X-Auth-Token", "tök")]
    [InlineData("X-Roles", "admin", "X-Project-Id", "p", "X-User-Id", "u", "X-Identity-Status", "Confirmed")]
    [InlineData("X-Service-Token", "good")]
    public async Task Without_a_token_nobody_is_asked(params string[] headers)
    {
        keystone.Add("good", Hour, "service");
        await alcor.RefusedAsync(headers);
        Assert.InRange(keystone.Shown, 0, headers.Contains("X-Service-Token") ? 1 : 0);
    }

    [Fact]
    public async Task A_token_of_any_length_is_answered()
    {
        await alcor.RefusedAsync("X-Auth-Token", new string('x', IdentityLimits.TokenCharactersMax));
        Assert.Equal(1, keystone.Shown);
        await alcor.RefusedAsync("X-Auth-Token", new string('x', IdentityLimits.TokenCharactersMax + 1));
        Assert.Equal(1, keystone.Shown);
    }

    [Theory]
    [InlineData("X-Auth-Token", "good")]
    [InlineData("X-Auth-Token", " good ")]
    [InlineData("X-Storage-Token", "good")]
    [InlineData("X-Auth-Token", "good", "X-Storage-Token", "bad")]
    [InlineData("X-Auth-Token", "good", "X-Service-Token", "")]
    [InlineData("X-Auth-Token", "good", "X-Roles", "admin", "X-Project-Id", "p", "X-User-Id", "u")]
    [InlineData("X-Auth-Token", "good", "OpenStack-System-Scope", "all", "X-Domain-Id", "d", "X-Service-Roles", "x")]
    public async Task Only_the_token_says_who_asks(params string[] headers)
    {
        keystone.Add("good", Hour, "reader");
        var caller = await alcor.KnownAsync(headers);
        Assert.Equal(["reader"], caller.Roles);
        Assert.Equal(("user-id", "project-id", ""), (caller.UserId, caller.ProjectId, caller.DomainId));
        Assert.False(caller.IsSystemScoped || caller.IsAdmin);
        Assert.Empty(caller.ServiceRoles);
    }

    [Fact]
    public async Task A_service_may_use_an_expired_token()
    {
        keystone.Add("old", Past, "member");
        keystone.Add("nova", Hour, "Service", "admin");
        await alcor.RefusedAsync("X-Auth-Token", "old");
        var caller = await alcor.KnownAsync("X-Auth-Token", "old", "X-Service-Token", "nova");
        Assert.Equal("?nocatalog&allow_expired=1", keystone.LastQuery);
        Assert.Equal(["member"], caller.Roles);
        Assert.Equal(["service", "admin"], caller.ServiceRoles);
        await alcor.RefusedAsync("X-Auth-Token", "old");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_has_no_service_role_is_no_service(bool isRequired)
    {
        using var strict = new UnderTest(Options with { RequireServiceTokenRoles = isRequired }, time);
        keystone.Add("old", Past);
        keystone.Add("good", Hour);
        keystone.Add("user", Hour, "member");
        await strict.RefusedAsync("X-Auth-Token", "old", "X-Service-Token", "user");
        if (isRequired)
        {
            await strict.RefusedAsync("X-Auth-Token", "good", "X-Service-Token", "user");
        }
        else
        {
            var caller = await strict.KnownAsync("X-Auth-Token", "good", "X-Service-Token", "user");
            Assert.Equal(["member"], caller.ServiceRoles);
        }
    }

    [Fact]
    public async Task Roles_of_services_are_a_setting()
    {
        using var other = new UnderTest(Options with { ServiceTokenRoles = ["compute", "Trusted"] }, time);
        keystone.Add("old", Past);
        keystone.Add("service", Hour, "service");
        keystone.Add("trusted", Hour, "trusted");
        await other.RefusedAsync("X-Auth-Token", "old", "X-Service-Token", "service");
        await other.KnownAsync("X-Auth-Token", "old", "X-Service-Token", "trusted");
    }

    [Fact]
    public async Task A_bad_service_token_spoils_a_good_token()
    {
        keystone.Add("good", Hour);
        await alcor.RefusedAsync("X-Auth-Token", "good", "X-Service-Token", "bad");
        keystone.Add("expired", Past, "service");
        await alcor.RefusedAsync("X-Auth-Token", "good", "X-Service-Token", "expired");
        await keystone.StopAsync();
        await alcor.UnavailableAsync("X-Auth-Token", "good", "X-Service-Token", "unknown");
    }
}
