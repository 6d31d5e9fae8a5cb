using Alcor.Testing.Keystone;

namespace Alcor.Identity.Tests;

/// <summary>What a real Keystone says of the tokens that it has issued.</summary>
[Collection(RealCloudCollection.Name)]
public sealed class RealKeystoneTests(RealCloud cloud)
{
    private static readonly TimeSpan CacheTime = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Project_scope_gives_project_user_and_roles()
    {
        using var alcor = new UnderTest(cloud.Options, new SteppedTime());
        var alice = await alcor.KnownAsync("X-Auth-Token", await cloud.IssueAsync("alice", "demo"));
        Assert.Equal((cloud.AliceId, cloud.DemoProjectId, "demo"), (alice.UserId, alice.ProjectId, alice.ProjectName));
        Assert.Equal(["member", "reader"], alice.Roles.Order());
        var rita = await alcor.KnownAsync("X-Auth-Token", await cloud.IssueAsync("rita", "demo"));
        Assert.Equal(cloud.DemoProjectId, rita.ProjectId);
        Assert.Equal(["reader"], rita.Roles);
        var bob = await alcor.KnownAsync("X-Auth-Token", await cloud.IssueAsync("bob", "other"));
        Assert.NotEqual(cloud.DemoProjectId, bob.ProjectId);
        Assert.Equal("other", bob.ProjectName);
        var admin = await alcor.KnownAsync("X-Auth-Token", await AdminAsync(IdentityApi.ProjectScope("demo")));
        Assert.Equal(["admin", "member", "reader"], admin.Roles.Order());
        Assert.False(admin.IsAdmin || admin.IsSystemScoped);
        Assert.Equal("", admin.DomainId);
    }

    [Fact]
    public async Task Domain_and_system_scope_have_no_project()
    {
        using var alcor = new UnderTest(cloud.Options, new SteppedTime());
        var domain = await alcor.KnownAsync("X-Auth-Token", await AdminAsync(IdentityApi.DomainScope));
        Assert.Equal(("default", "", ""), (domain.DomainId, domain.ProjectId, domain.ProjectName));
        Assert.False(domain.IsSystemScoped);
        var system = await alcor.KnownAsync("X-Auth-Token", await AdminAsync(IdentityApi.SystemScope));
        Assert.True(system.IsSystemScoped);
        Assert.Equal(("", ""), (system.DomainId, system.ProjectId));
        Assert.Contains("admin", system.Roles);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("gAAAAABqgarbage")]
    [InlineData("a.b.c")]
    public async Task What_Keystone_did_not_issue_is_refused(string token)
    {
        using var alcor = new UnderTest(cloud.Options, new SteppedTime());
        await alcor.RefusedAsync("X-Auth-Token", token);
        var good = await cloud.IssueAsync("alice", "demo");
        await alcor.RefusedAsync("X-Auth-Token", $"{good[..40]}{(good[40] == 'A' ? 'B' : 'A')}{good[41..]}");
    }

    [Fact]
    public async Task A_revoked_token_is_refused_after_the_cache_time()
    {
        var time = new SteppedTime();
        using var alcor = new UnderTest(cloud.Options, time);
        var token = await cloud.IssueAsync("alice", "demo");
        await alcor.KnownAsync("X-Auth-Token", token);
        await cloud.Api.RevokeAsync(token);
        await alcor.KnownAsync("X-Auth-Token", token);
        time.Advance(CacheTime);
        await alcor.RefusedAsync("X-Auth-Token", token);
    }

    [Fact]
    public async Task Service_tokens_carry_their_roles()
    {
        using var alcor = new UnderTest(cloud.Options, new SteppedTime());
        var (alice, nova) = (await cloud.IssueAsync("alice", "demo"), await cloud.IssueAsync("nova", "service"));
        var caller = await alcor.KnownAsync("X-Auth-Token", alice, "X-Service-Token", nova);
        Assert.Equal(["service"], caller.ServiceRoles);
        Assert.Equal(cloud.AliceId, caller.UserId);
        await alcor.RefusedAsync("X-Auth-Token", alice, "X-Service-Token", "garbage");
    }

    [Fact]
    public async Task Signed_tokens_work_until_they_expire_and_then_only_with_a_service()
    {
        using var alcor = new UnderTest(cloud.Options with { Url = cloud.ShortLivedKeystone.Url }, new SteppedTime());
        using var issuer = new IdentityApi(cloud.ShortLivedKeystone.Url);
        var token = await issuer.IssueAsync("alice", "alice", IdentityApi.ProjectScope("demo"));
        Assert.Equal(3, token.Split('.').Length);
        Assert.Equal(cloud.AliceId, (await alcor.KnownAsync("X-Auth-Token", token)).UserId);
        await alcor.RefusedAsync("X-Auth-Token", $"{token[..^8]}{new string(token[^8..].Reverse().ToArray())}");

        // And the second to which its end is rounded.
        await Task.Delay(RealCloud.LifeOfShortLived + TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        await alcor.RefusedAsync("X-Auth-Token", token);
        // By now our own first token has expired as well, and was renewed.
        var nova = await issuer.IssueAsync("nova", "nova", IdentityApi.ProjectScope("service"));
        var caller = await alcor.KnownAsync("X-Auth-Token", token, "X-Service-Token", nova);
        Assert.Equal((cloud.AliceId, "service"), (caller.UserId, caller.ServiceRoles.Single()));
        var member = await issuer.IssueAsync("bob", "bob", IdentityApi.ProjectScope("other"));
        await alcor.RefusedAsync("X-Auth-Token", token, "X-Service-Token", member);
    }

    [Fact]
    public async Task While_Keystone_is_stopped_known_tokens_work()
    {
        var time = new SteppedTime();
        var (alice, bob) = (await cloud.IssueAsync("alice", "demo"), await cloud.IssueAsync("bob", "other"));
        await using var mortal = await cloud.Keystone.StartSecondAsync(new("fernet", TimeSpan.FromMinutes(5)));
        using var alcor = new UnderTest(cloud.Options with { Url = mortal.Url }, time);
        await alcor.KnownAsync("X-Auth-Token", alice);
        await mortal.StopAsync();
        await alcor.UnavailableAsync("X-Auth-Token", bob);
        await alcor.KnownAsync("X-Auth-Token", alice);
        time.Advance(CacheTime);
        await alcor.UnavailableAsync("X-Auth-Token", alice);
    }

    [Fact]
    public async Task A_service_user_that_Keystone_does_not_know_is_said()
    {
        using var alcor = new UnderTest(cloud.Options with { Password = "wrong" }, new SteppedTime());
        await alcor.UnavailableAsync("X-Auth-Token", await cloud.IssueAsync("alice", "demo"));
        Assert.Contains("401 to the user alcor", Assert.Single(alcor.Log.Lines), StringComparison.Ordinal);
    }

    private Task<string> AdminAsync(System.Text.Json.Nodes.JsonObject scope) =>
        cloud.Api.IssueAsync("admin", KeystoneServer.AdminPassword, scope);
}
